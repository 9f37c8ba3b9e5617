// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The full name in a font's table of names.
///
/// | Offset | Size | Field   | Unit                                                          |
/// |-------:|-----:|---------|---------------------------------------------------------------|
/// |   0x02 |    2 | count   | records                                                       |
/// |   0x04 |    2 | texts   | offset                                                        |
/// |   0x06 | 12×n | records | platform, encoding, language, name, length, offset in texts   |
///
/// - Source: Microsoft, *OpenType Specification 1.9*, "name — Naming Table".
struct SFNTName {
  private static let full: UInt16 = 4
  private static let family: UInt16 = 1
  private static let macintosh: UInt16 = 1

  /// The full name, else the family's; nil where there is none.
  private(set) var text: String?

  init(_ file: Source, in table: Range<ByteOffset>) throws {
    let bytes = try file.readPrefix(
      at: table.lowerBound, count: min(table.length, 0x1_0000))
    guard let count = try? bytes.big(UInt16.self, at: 2),
      let texts = try? bytes.big(UInt16.self, at: 4)
    else { return }
    for wanted in [Self.full, Self.family] where text == nil {
      for index in 0..<Int(count) where text == nil {
        guard let record = try? bytes.copy(at: 6 + 12 * index, count: 12) else { break }
        guard try record.big(UInt16.self, at: 6) == wanted,
          let part = try? bytes.copy(
            at: Int(texts) + Int(record.big(UInt16.self, at: 10)),
            count: Int(record.big(UInt16.self, at: 8)))
        else { continue }
        text = Self.decoded(part, platform: try record.big(UInt16.self, at: 0))
      }
    }
  }

  private static func decoded(_ bytes: [UInt8], platform: UInt16) -> String? {
    guard platform != macintosh else { return ContentText.text(bytes) }
    let units = stride(from: 0, to: bytes.count & ~1, by: 2).compactMap {
      try? bytes.big(UInt16.self, at: $0)
    }
    return ContentText.trimmed(String(decoding: units, as: UTF16.self))
  }
}
