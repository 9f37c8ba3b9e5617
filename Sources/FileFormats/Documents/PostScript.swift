// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// PostScript, encapsulated or not: comments that structure the document, from `%!PS-Adobe` to
  /// `%%EOF`, which old writers leave out.
  ///
  /// - Source: Adobe, *PostScript Language Document Structuring Conventions Specification*,
  ///   version 3.0, §5 and §6.
  package static let postScript = FileFormat(
    id: "ps", name: "PostScript document", category: .document,
    extensions: ["ps", "eps", "ai", "pfa"],
    validation: .reasoning,
    signatures: [
      .text("%!PS"), .text("\u{4}%!PS"), .text("%!\n"), .text("%!\r\n%%"),
      .text("\u{1B}%-12345X@PJL"),
    ],
    maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      // A job for a printer may as well be in another language.
      guard let head = try? bytes.copy(at: 0, count: min(bytes.byteCount, 1024)),
        head.firstIndex(of: Array("%!".utf8)) != nil
      else { return false }
      return FileFormat.head(bytes, keepsTo: examinePostScript)
    }, examine: examinePostScript)

  /// Encapsulated PostScript with a preview, as DOS has it.
  ///
  /// | Offset | Size | Field                                     |
  /// |-------:|-----:|-------------------------------------------|
  /// |   0x00 |    4 | C5 D0 D3 C6                               |
  /// |   0x04 |    8 | where the PostScript stands, and its size |
  /// |   0x0C |    8 | the same of a Windows metafile            |
  /// |   0x14 |    8 | the same of a TIFF picture                |
  /// |   0x1C |    2 | checksum of the header, or FFFF           |
  ///
  /// - Source: Adobe, *Encapsulated PostScript File Format Specification*, version 3.0, §5.2.
  package static let dosEPS = FileFormat(
    id: "eps", name: "PostScript with a preview", category: .document, validation: .size,
    signatures: [Signature([0xC5, 0xD0, 0xD3, 0xC6])], maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      guard let start = try? bytes.little(UInt32.self, at: 4),
        let length = try? bytes.little(UInt32.self, at: 8)
      else { return false }
      return start >= 28 && length >= 16
        && (start > 500 || bytes.holds(Array("%!".utf8), at: Int(start)))
    }
  ) { file in
    try Examination.walk("eps", file) { try examineDOSEPS(file) }
  }

  private static func examinePostScript(_ file: Source) throws -> Examination {
    try Examination.walk("ps", file) {
      var walk = PostScriptWalk(file)
      return try walk.examination()
    }
  }

  private static func examineDOSEPS(_ file: Source) throws -> Examination {
    let header = try file.read(at: 0, count: 30)
    var end: ByteOffset = 0
    var children: [Examination.Child] = []
    for (place, type) in [(4, "ps"), (12, "wmf"), (20, "tif")] {
      let start = ByteOffset(UInt64(try header.little(UInt32.self, at: place)))
      let length = ByteCount(UInt64(try header.little(UInt32.self, at: place + 4)))
      guard length > 0 else { continue }
      guard start >= 28 else { throw Malformed("EPS", "a section stands in the header", at: 4) }
      let range = try Range(at: start, count: length)
      children.append(Examination.Child(type: type, range: range))
      end = max(end, range.upperBound)
    }
    guard let text = children.first, text.type == "ps", end <= file.range.upperBound else {
      throw Truncated()
    }
    for child in children {
      let head = try file.read(at: child.range.lowerBound, count: min(child.range.length, 4))
      let expected: [[UInt8]] =
        switch child.type {
        case "ps": [[0x25, 0x21]]
        case "wmf": [[0xD7, 0xCD], [1, 0, 9, 0], [2, 0, 9, 0]]
        default: [[0x49, 0x49, 0x2A, 0], [0x4D, 0x4D, 0, 0x2A]]
        }
      guard expected.contains(where: { head.starts(with: $0) }) else {
        throw Malformed("EPS", "no \(child.type) stands here", at: child.range.lowerBound)
      }
    }
    var result = Examination.whole("eps", "EPS", end: end, and: [.payloadUnchecked])
    let head = try file.read(
      at: text.range.lowerBound, count: min(text.range.length, 0x1000))
    let facts = PostScriptFacts(head)
    result.name = facts.title
    result.date = facts.date
    result.children = Array(children.dropFirst())
    return result
  }
}
