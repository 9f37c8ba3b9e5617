// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Microsoft Reader's e-books: a header, then a table of pieces, the first of which holds the file's
  /// size.
  ///
  ///     0  "ITOLITLS"   8  u32 version   12 u32 header length   16 u32 pieces
  ///     20 u32 length of a second header   24 16 identifier   40 pieces: u64 offset, u64 size
  ///     first piece: 0 u32 0x1FE   8 u64 file size
  ///
  /// - Source: K. Bedford, *LIT file format*, as Convert LIT has it.
  package static let lit = FileFormat(
    id: "lit", name: "Microsoft Reader e-book", category: .document, validation: .size,
    signatures: [Signature(Array("ITOLITLS".utf8))], maximumSize: 0x4000_0000,
    resembles: { bytes in
      bytes.holds([1, 0, 0, 0, 40, 0, 0, 0], at: 8) && bytes.holds([0xC1, 7, 0x90, 0x0A], at: 24)
    }
  ) { file in
    try Examination.walk("lit", file) {
      let count = try file.little(UInt32.self, at: 16)
      guard (1...64).contains(count) else { throw Malformed("LIT", "it has no pieces", at: 16) }
      let table = try file.read(at: 40, count: ByteCount(16 * UInt64(count)))
      let first = ByteOffset(try table.little(UInt64.self, at: 0))
      let end = ByteOffset(try file.little(UInt64.self, at: first + 8))
      for index in 0..<Int(clamping: count) {
        let start = ByteOffset(try table.little(UInt64.self, at: 16 * index))
        let size = ByteCount(try table.little(UInt64.self, at: 16 * index + 8))
        guard try start + size <= end else {
          throw Malformed("LIT", "a piece lies beyond its end", at: 40)
        }
        // The directory and its index; the others are identifiers.
        if index == 1 || index == 2, try file.read(at: start, count: 4) != Array("IFCM".utf8) {
          throw Malformed("LIT", "its directory is foreign", at: start)
        }
      }
      guard end <= file.range.upperBound else { throw Truncated() }
      return .whole("lit", "Microsoft Reader", end: end, and: [.payloadUnchecked])
    }
  }
}
