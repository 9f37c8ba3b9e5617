// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The checksum of RFC 1950: two sums modulo 65,521.
package struct Adler32: Sendable {
  private var low: UInt32 = 1
  private var high: UInt32 = 0

  package init() {}

  package var value: UInt32 { high << 16 | low }

  package mutating func update(_ bytes: [UInt8]) {
    // The longest run whose sums fit 32 bits.
    for start in stride(from: 0, to: bytes.count, by: 5552) {
      for byte in bytes[start..<min(start + 5552, bytes.count)] {
        low &+= UInt32(byte)
        high &+= low
      }
      low %= 65_521
      high %= 65_521
    }
  }
}
