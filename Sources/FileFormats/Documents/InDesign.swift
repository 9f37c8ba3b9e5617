// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// InDesign: a database of pages of 4 KiB, two of which describe it in turn; behind it stand objects
  /// in one piece each.
  ///
  ///     0  16 mark   16 8 "DOCUMENT" and others   264 u64 which of the two is newer   280 u32 pages
  ///     an object: 16 mark, u32 number, u32 class, u32 length, u32 checksum, content, 32 its end
  ///
  /// - Source: Adobe, *XMP Specification Part 3*, §1.1.8 "InDesign".
  package static let inDesign = FileFormat(
    id: "indd", name: "InDesign document", category: .document,
    extensions: ["indd", "indt", "indb", "indl"], validation: .size,
    signatures: [Signature(InDesignWalk.master)], maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      ["DOCUMENT", "BOOKBOOK", "LIBRARY2", "LIBRARY4"].contains {
        bytes.holds(Array($0.utf8), at: 16)
      }
    }
  ) { file in
    try Examination.walk("indd", file) { try InDesignWalk(file).examination() }
  }
}

/// The walk behind the pages of an InDesign document.
private struct InDesignWalk {
  static let master: [UInt8] = [
    0x06, 0x06, 0xED, 0xF5, 0xD8, 0x1D, 0x46, 0xE5, 0xBD, 0x31, 0xEF, 0xE7, 0xFE, 0x74, 0xB7, 0x1D,
  ]
  private static let objectStart: [UInt8] = [
    0xDE, 0x39, 0x39, 0x79, 0x51, 0x88, 0x4B, 0x6C, 0x8E, 0x63, 0xEE, 0xF8, 0xAE, 0xE0, 0xDD, 0x38,
  ]
  private static let objectEnd: [UInt8] = [
    0xFD, 0xCE, 0xDB, 0x70, 0xF7, 0x86, 0x4B, 0x4F, 0xA4, 0xD3, 0xC7, 0x28, 0xB3, 0x41, 0x71, 0x06,
  ]
  private static let page: UInt64 = 4096
  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    let pair = try [ByteOffset(0), ByteOffset(Self.page)].map { start in
      (
        mark: try file.read(at: start, count: 16),
        sequence: try file.little(UInt64.self, at: start + 264),
        pages: try file.little(UInt32.self, at: start + 280)
      )
    }
    guard pair.allSatisfy({ $0.mark == Self.master }) else {
      throw Malformed("InDesign", "its second page is foreign", at: ByteOffset(Self.page))
    }
    let newest = pair[1].sequence > pair[0].sequence ? pair[1] : pair[0]
    var position = ByteOffset(UInt64(newest.pages) * Self.page)
    guard newest.pages >= 2 else { throw Malformed("InDesign", "it has no pages", at: 280) }
    guard position <= file.range.upperBound else { throw Truncated() }
    var title: String?
    while try file.readPrefix(at: position, count: 16) == Self.objectStart {
      let length = UInt64(try file.little(UInt32.self, at: position + 24))
      let trailer = try position + 32 + ByteCount(length)
      guard try file.read(at: trailer, count: 16) == Self.objectEnd else {
        throw Malformed(
          "InDesign", "an object does not end", at: min(trailer, file.range.upperBound))
      }
      let head = try file.readPrefix(at: position + 32, count: min(ByteCount(length), 0x1_0000))
      title = title ?? Self.title(in: head)
      position = try trailer + 32
      guard position <= file.range.upperBound else { throw Truncated() }
    }
    var result = Examination.whole("indd", "InDesign", end: position, and: [.payloadUnchecked])
    result.name = title
    return result
  }

  /// `<dc:title><rdf:Alt><rdf:li …>The title</rdf:li>`
  private static func title(in xml: [UInt8]) -> String? {
    guard let start = xml.firstIndex(of: Array("<dc:title>".utf8)),
      let item = Array(xml[start...].prefix(1024)).firstIndex(of: Array("<rdf:li".utf8)),
      let open = xml[(start + item)...].firstIndex(of: 0x3E)
    else { return nil }
    return ContentText.text(xml[(open + 1)...].prefix { $0 != 0x3C })
  }
}
