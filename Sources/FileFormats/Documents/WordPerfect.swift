// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// WordPerfect from version 6 on, which states the file's size.
  ///
  ///     0  FF "WPC"   4  u32 start of the text   8 u8 product (1)   9 u8 kind (10)   10 u8 version
  ///     12 u16 key of encryption   20 u32 file size
  ///
  /// - Source: Corel, *WordPerfect File Format SDK*, "Document prefix area".
  package static let wordPerfect = FileFormat(
    id: "wpd", name: "WordPerfect document", category: .document, extensions: ["wpd", "wpt", "wp"],
    validation: .structure,
    signatures: [Signature([0xFF, 0x57, 0x50, 0x43])], maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let text = try? bytes.little(UInt32.self, at: 4),
        let size = try? bytes.little(UInt32.self, at: 20)
      else { return false }
      return bytes.holds([1, 0x0A, 2], at: 8) && text >= 16 && text <= size
    }
  ) { file in
    try Examination.walk("wpd", file) {
      let text = ByteOffset(UInt64(try file.little(UInt32.self, at: 4)))
      let end = ByteOffset(UInt64(try file.little(UInt32.self, at: 20)))
      guard end <= file.range.upperBound else { throw Truncated() }
      let isEncrypted = try file.little(UInt16.self, at: 12) != 0
      let isSound =
        try !isEncrypted && text.rawValue < end.rawValue / 4
        && WordPerfectText.holds(in: file, from: text, to: end)
      return .whole("wpd", "WordPerfect", end: end, and: isSound ? [] : [.payloadUnchecked])
    }
  }
}

/// The text of a document: letters and codes of one byte, and functions that begin and end with theirs.
///
///     00 to CF  one byte      D0 to EF  u8 kind, u8 part, u16 size, content, u16 size, u8 kind
///     F0 to FF  as many bytes as the kind has, the last one the kind again
enum WordPerfectText {
  private static let fixedSizes: [UInt64] = [4, 5, 3, 3, 3, 3, 4, 4, 4, 5, 5, 6, 6, 8, 8, 0]

  /// Whether the functions follow each other up to the end.
  static func holds(in file: Source, from start: ByteOffset, to end: ByteOffset) throws -> Bool {
    var window = Window(file)
    var position = start
    while position < end {
      let kind = try window.byte(at: position)
      var size: UInt64 = 1
      if kind >= 0xF0 { size = fixedSizes[Int(kind & 0xF)] }
      if (0xD0...0xEF).contains(kind) {
        size = UInt64(try window.little(UInt16.self, at: position + 2))
        guard size >= 7 else { return false }
      }
      guard size > 0, try position + ByteCount(size) <= end else { return false }
      if kind >= 0xD0, try window.byte(at: position + ByteCount(size - 1)) != kind { return false }
      position = try position + ByteCount(size)
    }
    return position == end
  }
}
