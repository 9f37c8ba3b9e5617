// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// DjVu documents: an IFF form of chunks, or of forms that are its pages.
  ///
  /// - Source: LizardTech, *DjVu 3 Specification* (2005), §8.2 "DjVu file structure".
  package static let djvu = FileFormat(
    id: "djvu", name: "DjVu document", category: .document, extensions: ["djvu", "djv"],
    validation: .size, signatures: [Signature("AT&TFORM")], maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      ["DJVU", "DJVM", "DJVI", "THUM", "PM44", "BM44"].contains {
        bytes.holds(Array($0.utf8), at: 12)
      }
    }
  ) { file in
    try Examination.walk("djvu", file) {
      var walk = IFFPictureWalk(file)
      let end = try walk.passForm(at: 4, depth: 0)
      guard end <= file.range.upperBound else { throw Truncated() }
      return .whole("djvu", "DjVu", end: end, and: [.payloadUnchecked])
    }
  }

  /// Amiga pictures and animations: an IFF form with a header, a palette and a body.
  ///
  /// - Source: Electronic Arts, *ILBM, IFF Interleaved Bitmap* (1986); Commodore, *EA IFF 85*.
  package static let ilbm = FileFormat(
    id: "iff", name: "Amiga picture", category: .photo,
    extensions: ["iff", "lbm", "ilbm", "ham", "anim", "acbm"], validation: .decoding,
    signatures: ["ILBM", "PBM ", "ACBM", "ANIM"].map { kind in
      let any = [Signature.Element](repeating: .init(0, mask: 0), count: 4)
      return Signature(
        masked: "FORM".utf8.map { .init($0) } + any + kind.utf8.map { .init($0) })
    },
    maximumSize: 0x8000_0000,
    resembles: { bytes in
      guard let size = try? bytes.big(UInt32.self, at: 4),
        let id = try? bytes.copy(at: 12, count: 4)
      else { return false }
      return size > 20 && size < 0x8000_0000 && id.allSatisfy { (0x20...0x7E).contains($0) }
    }
  ) { file in
    try Examination.walk("iff", file) {
      var walk = IFFPictureWalk(file)
      var end = try walk.passForm(at: 0, depth: 0)
      // An odd form is filled up, where its writer kept to the rules.
      if end.rawValue & 1 == 1, try file.readPrefix(at: end, count: 1) == [0] { end = try end + 1 }
      guard end <= file.range.upperBound else { throw Truncated() }
      var result = Examination.whole(
        "iff", "IFF", end: end, and: walk.isDecoded ? [.decoded("ILBM")] : [.payloadUnchecked])
      result.name = walk.title
      return result
    }
  }
}

/// The walk over the chunks of an IFF form, down into the forms in it.
///
///     0  id, four characters   4  u32 size   8  data, filled up to two bytes; of a form: its kind first
private struct IFFPictureWalk {
  private static let mostChunks = 1_000_000
  private let file: Source
  private var window: Window
  private var chunks = 0
  private var header: [UInt8] = []
  private var bodies = 0
  private var decoded = 0
  private(set) var title: String?

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  /// Whether it is a picture whose body was decoded.
  var isDecoded: Bool { bodies > 0 && bodies == decoded }

  /// Passes the form that starts at `start` and returns where it ends.
  mutating func passForm(at start: ByteOffset, depth: Int) throws -> ByteOffset {
    let size = UInt64(try window.big(UInt32.self, at: start + 4))
    guard size >= 4, depth < 4 else { throw Malformed("IFF", "an impossible form", at: start) }
    let end = try start + 8 + ByteCount(size)
    let kind = String(decoding: try window.copy(at: start + 8, count: 4), as: UTF8.self)
    var position = try start + 12
    while position < end {
      chunks += 1
      let letters = try window.copy(at: position, count: 4)
      let length = UInt64(try window.big(UInt32.self, at: position + 4))
      guard chunks < Self.mostChunks, letters.allSatisfy({ (0x20...0x7E).contains($0) }) else {
        throw Malformed("IFF", "no chunk starts here", at: position)
      }
      let data = try Range(at: position + 8, count: ByteCount(length))
      guard data.upperBound <= end else {
        throw Malformed("IFF", "a chunk leaves its form", at: position)
      }
      guard data.upperBound <= file.range.upperBound else { throw Truncated() }
      let id = String(decoding: letters, as: UTF8.self)
      if id == "FORM" {
        _ = try passForm(at: position, depth: depth + 1)
      } else {
        try take(id, data, in: kind)
      }
      position = try data.upperBound + ByteCount(length & 1)
    }
    return end
  }

  private mutating func take(_ id: String, _ data: Range<ByteOffset>, in kind: String) throws {
    switch id {
    case "NAME" where kind == "ILBM" || kind == "PBM ":
      title = ContentText.text(
        try file.read(at: data.lowerBound, count: min(data.length, 200)))
    case "BMHD" where data.length >= 20:
      header = try window.copy(at: data.lowerBound, count: 20)
    case "BODY":
      bodies += 1
      if try decodeBody(data, isChunky: kind == "PBM ") { decoded += 1 }
    case "DLTA": bodies += 1
    default: break
    }
  }

  /// Follows the rows of a body; false where they are plain.
  private mutating func decodeBody(_ data: Range<ByteOffset>, isChunky: Bool) throws -> Bool {
    guard header.count == 20, header[10] == 1 else { return false }
    let width = UInt64(try header.big(UInt16.self, at: 0))
    guard width > 0 else { return false }
    let height = UInt64(try header.big(UInt16.self, at: 2))
    let planes = UInt64(header[8]) &+ (header[9] == 1 ? 1 : 0)
    let row = isChunky ? (width &+ 1) & ~1 : (width &+ 15) / 16 &* 2
    var position = data.lowerBound
    for _ in 0..<(height &* (isChunky ? 1 : planes)) {
      position = try PackBits.end(&window, from: position, count: row)
      guard position <= data.upperBound else {
        throw Malformed("IFF", "the rows leave their chunk", at: data.lowerBound)
      }
    }
    return (position..<data.upperBound).length <= 2
  }
}
