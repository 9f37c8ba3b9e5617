// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The first record of an e-book.
///
///     0  u16 compression (1 none, 2 PalmDOC, 17480 Huffman)   4 u32 text size   8 u16 text records
///     10 u16 page size   12 u16 encryption   16 "MOBI"  20 u32 header length   36 u32 version
///     84 u32 offset, u32 length of the title   128 u32 flags (0x40: EXTH follows the header)
///     242 u16 flags of what trails each text record
///     EXTH: 8 u32 entries, then u32 kind (106 date, 503 title), u32 length, content
///
/// - Source: MobileRead wiki, *MOBI*.
struct MobipocketHeader {
  let isMobipocket: Bool
  let isPalmPacked: Bool
  let textSize: Int
  let textRecords: Int
  let pageSize: Int
  let type: String
  private(set) var title: String?
  private(set) var date: Timestamp?
  private var trailers: UInt16 = 0
  /// How many bytes behind what is known of the record are not zero.
  private(set) var unknownBytes = 0

  init(_ bytes: [UInt8], isMobipocket: Bool) throws {
    self.isMobipocket = isMobipocket
    let compression = try bytes.big(UInt16.self, at: 0)
    textSize = Int(clamping: try bytes.big(UInt32.self, at: 4))
    textRecords = Int(try bytes.big(UInt16.self, at: 8))
    pageSize = Int(try bytes.big(UInt16.self, at: 10))
    guard [1, 2, 17480].contains(compression), pageSize >= 512, textRecords > 0 else {
      throw Malformed("Mobipocket", "its header is wrong")
    }
    let isEncrypted = try isMobipocket && bytes.big(UInt16.self, at: 12) != 0
    isPalmPacked = compression == 2 && !isEncrypted
    guard isMobipocket, bytes.holds(Array("MOBI".utf8), at: 16) else {
      type = isMobipocket ? "mobi" : "pdb"
      return
    }
    let length = Int(clamping: try bytes.big(UInt32.self, at: 20))
    type = try bytes.big(UInt32.self, at: 36) >= 8 ? "azw3" : "mobi"
    if length >= 0xE4 { trailers = (try? bytes.big(UInt16.self, at: 242)) ?? 0 }
    if let place = try? bytes.big(UInt32.self, at: 84),
      let count = try? bytes.big(UInt32.self, at: 88),
      let text = try? bytes.copy(at: Int(clamping: place), count: Int(clamping: min(count, 512)))
    {
      title = ContentText.text(text)
      countUnknown(bytes, behind: Int(clamping: place) + text.count)
    }
    if try bytes.big(UInt32.self, at: 128) & 0x40 != 0 { readExtras(bytes, at: 16 + length) }
  }

  /// Behind the header, the title and the extras is nothing.
  private mutating func countUnknown(_ bytes: [UInt8], behind end: Int) {
    unknownBytes = bytes.dropFirst(end).count { $0 != 0 }
  }

  private mutating func readExtras(_ bytes: [UInt8], at start: Int) {
    guard bytes.holds(Array("EXTH".utf8), at: start),
      let count = try? bytes.big(UInt32.self, at: start + 8), count < 1000
    else { return }
    var at = start + 12
    for _ in 0..<count {
      guard let kind = try? bytes.big(UInt32.self, at: at),
        let length = try? bytes.big(UInt32.self, at: at + 4), length >= 8,
        let content = try? bytes.copy(at: at + 8, count: Int(clamping: length) - 8)
      else { return }
      if kind == 503 { title = ContentText.text(content) ?? title }
      if kind == 106 { date = Self.date(content) ?? date }
      at += Int(clamping: length)
    }
  }

  /// `2010-05-17`, and what may follow, which is passed over.
  private static func date(_ text: [UInt8]) -> Timestamp? {
    let numbers = String(decoding: text.prefix(10), as: UTF8.self).split(separator: "-").map {
      Int($0)
    }
    guard numbers.count == 3, let year = numbers[0], let month = numbers[1], let day = numbers[2]
    else { return nil }
    return Timestamp(year: year, month: month, day: day)
  }

  /// A text record without the entries behind its text: each ends with its own size, in sevens of bits
  /// from the back; bit 0 tells of letters that were cut in two.
  func withoutTrailers(_ record: [UInt8]) -> ArraySlice<UInt8> {
    var rest = record[...]
    for bit in 1..<16 where trailers >> UInt16(bit) & 1 != 0 {
      var size = 0
      var shift = 0
      for byte in rest.suffix(4).reversed() {
        size |= Int(byte & 0x7F) << shift
        shift += 7
        if byte & 0x80 != 0 { break }
      }
      rest = rest.dropLast(size)
    }
    if trailers & 1 != 0, let last = rest.last { rest = rest.dropLast(Int(last & 3) + 1) }
    return rest
  }
}
