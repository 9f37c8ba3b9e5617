// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes

/// A size as people write it: 500, 10k, 2M, 1G; powers of 1024.
struct SizeArgument: ExpressibleByArgument {
  let count: ByteCount

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    guard let number = UInt64(digits) else { return nil }
    let shift: UInt64
    switch argument.dropFirst(digits.count).lowercased() {
    case "", "b", "o": shift = 0
    case "k", "kb", "kib", "ko": shift = 10
    case "m", "mb", "mib", "mo": shift = 20
    case "g", "gb", "gib", "go": shift = 30
    case "t", "tb", "tib", "to": shift = 40
    case "s":
      // Sectors, as partition tables count.
      shift = 9
    default: return nil
    }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << shift)
    if overflow { return nil }
    count = ByteCount(bytes)
  }
}
