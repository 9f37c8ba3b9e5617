// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Programs of Android: a header that states size and checksum of the whole.
  ///
  /// | Offset | Size | Field    | Unit                                       |
  /// |-------:|-----:|----------|--------------------------------------------|
  /// |   0x00 |    8 | mark     | `dex`, line feed, three digits, NUL        |
  /// |   0x08 |    4 | checksum | Adler-32 from 0x0C on                      |
  /// |   0x20 |    4 | size     | of the file                                |
  /// |   0x24 |    4 | header   | 0x70, or 0x78 from version 41 on           |
  /// |   0x28 |    4 | order    | 0x12345678                                 |
  ///
  /// - Source: Android, *Dalvik Executable format*, "header_item".
  package static let dex = FileFormat(
    id: "dex", name: "Android program", category: .system, validation: .checksums,
    signatures: [Signature([0x64, 0x65, 0x78, 0x0A, 0x30])], maximumSize: 0x1000_0000,
    resembles: { bytes in
      bytes.holds([0x78, 0x56, 0x34, 0x12], at: 0x28) && bytes.holds([0], at: 7)
    }
  ) { file in
    try Examination.walk("dex", file) {
      let size = try file.little(UInt32.self, at: 0x20)
      let end = ByteOffset(UInt64(size))
      guard size >= 0x70 else { throw Malformed("DEX", "a size of \(size)") }
      guard end <= file.range.upperBound else { throw Truncated() }
      guard try file.little(UInt32.self, at: 8) == adler(file, 0x0C..<end) else {
        throw Malformed("DEX", "the checksum is wrong", at: 0x70)
      }
      return .whole("dex", "DEX", end: end, and: [.checksumsHold(count: 1, kind: "Adler-32")])
    }
  }

  /// - Source: RFC 1950, §9.
  private static func adler(_ file: Source, _ range: Range<ByteOffset>) throws -> UInt32 {
    var (low, high): (UInt32, UInt32) = (1, 0)
    var position = range.lowerBound
    while position < range.upperBound {
      let next = min(range.upperBound, position.advancedClamped(by: 5552))
      for byte in try file.read(at: position, count: (position..<next).length) {
        low &+= UInt32(byte)
        high &+= low
      }
      low %= 65_521
      high %= 65_521
      position = next
    }
    return high << 16 | low
  }
}
