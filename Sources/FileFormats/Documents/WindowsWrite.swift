// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Windows Write: text, then pages of 128 bytes with its formats.
  ///
  ///     0  u16 0xBE31 (0xBE32 with objects)   2 u16 0   4 u16 0xAB00   14 u32 end of text
  ///     18 u16 first page of paragraphs   20, 22, 24, 26, 28 u16 pages of notes, sections, fonts
  ///     96 u16 pages in all
  ///     a page: u32 first place, then u32 limit, u16 properties …; its last byte counts them
  ///
  /// - Source: Microsoft, *Windows Write File Format*, in the Windows 3.1 SDK.
  package static let windowsWrite = FileFormat(
    id: "wri", name: "Windows Write", category: .document, validation: .structure,
    signatures: [Signature([0x31, 0xBE, 0, 0, 0, 0xAB]), Signature([0x32, 0xBE, 0, 0, 0, 0xAB])],
    maximumSize: 0x80_0000,
    resembles: { bytes in
      let pages = (try? bytes.little(UInt16.self, at: 96)) ?? 0
      return bytes.holds([0, 0, 0, 0, 0, 0, 0, 0], at: 6) && pages > 1
    }
  ) { file in
    try Examination.walk("wri", file) {
      let head = try file.read(at: 0, count: 128)
      let text = UInt64(try head.little(UInt32.self, at: 14))
      let pages = try [18, 20, 22, 24, 26, 28, 96].map {
        UInt64(try head.little(UInt16.self, at: $0))
      }
      let characters = (text + 127) / 128
      let order = [characters] + pages
      guard text >= 128, Swift.zip(order, order.dropFirst()).allSatisfy({ $0 <= $1 }),
        let count = pages.last
      else { throw Malformed("Windows Write", "its pages are out of order", at: 14) }
      // Formats of characters, then of paragraphs: each page goes on where the one before ended.
      for part in [characters..<pages[0], pages[0]..<pages[1]] {
        var place: UInt64 = 128
        for page in part {
          let at = ByteOffset(128 * page)
          let bytes = try file.read(at: at, count: 128)
          let entries = Int(try bytes.little(UInt8.self, at: 127))
          guard try UInt64(bytes.little(UInt32.self, at: 0)) == place, (1...20).contains(entries)
          else { throw Malformed("Windows Write", "a page of formats is foreign", at: at) }
          place = UInt64(try bytes.little(UInt32.self, at: 4 + 6 * (entries - 1)))
        }
        guard place >= text || part.isEmpty else {
          throw Malformed("Windows Write", "formats end before the text", at: 14)
        }
      }
      let end = ByteOffset(128 * count)
      guard end <= file.range.upperBound else { throw Truncated() }
      let isPlain = try isText(file, in: 128..<ByteOffset(text))
      return .whole("wri", "Windows Write", end: end, and: isPlain ? [] : [.payloadUnchecked])
    }
  }

  /// Whether a range holds letters and the few controls that text has.
  private static func isText(_ file: Source, in range: Range<ByteOffset>) throws -> Bool {
    let bytes = try file.read(at: range.lowerBound, count: range.length)
    return bytes.allSatisfy { $0 >= 0x20 || (1...13).contains($0) || $0 == 0x1F || $0 == 0x1E }
  }
}
