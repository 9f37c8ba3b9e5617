// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The checksum over a whole Windows program: the sum of its 16-bit words with the carry added back,
/// its own field taken as zero, plus the length.
///
/// - Source: Microsoft, *PE Format*, "Optional Header", CheckSum: the sum that ImageHlp computes.
enum PEChecksum {
  /// Whether the sum of the first `end` bytes is the one that stands at `field`; false where none does.
  static func holds(in file: Source, end: ByteOffset, at field: ByteOffset) throws -> Bool {
    let stated = UInt64(try file.little(UInt32.self, at: field))
    let (folded, isLess) = stated.subtractingReportingOverflow(end.rawValue)
    guard stated != 0, field.rawValue % 2 == 0, !isLess, folded <= 0xFFFF else { return false }
    var sum: UInt64 = 0
    var position: ByteOffset = 0
    while position < end {
      let next = min(end, position.advancedClamped(by: 0x10_0000))
      try file.withBytes(in: position..<next) { bytes in sum &+= try words(bytes) }
      position = next
    }
    // A carry that is added back makes it a sum modulo 0xFFFF.
    return (sum % 0xFFFF + 0xFFFF - stated % 0xFFFF) % 0xFFFF == folded % 0xFFFF
  }

  private static func words(_ bytes: RawSpan) throws(Truncated) -> UInt64 {
    var sum: UInt64 = 0
    let count = bytes.byteCount & ~3
    for index in stride(from: 0, to: count, by: 4) {
      // Two words at once: weights of 1 and 0x10000 are the same modulo 0xFFFF.
      sum &+= UInt64(try bytes.little(UInt32.self, at: index))
    }
    for index in count..<bytes.byteCount {
      sum &+= UInt64(try bytes.little(UInt8.self, at: index)) << (8 * UInt64(index & 1))
    }
    return sum
  }
}
