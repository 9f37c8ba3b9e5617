// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum MobipocketSpecimens {
  private static func database(_ kind: String, _ records: [[UInt8]]) -> [UInt8] {
    var offset = 78 + 8 * records.count + 2
    var table: [UInt8] = []
    for (index, record) in records.enumerated() {
      table += big(UInt32(offset)) + big(UInt32(index))
      offset += record.count
    }
    return DocumentBytes.joined(
      ascii("A_book", padTo: 32), zeros(4), big(UInt32(0x5066_2030)), zeros(20), ascii(kind),
      zeros(8), big(UInt16(records.count)), table, zeros(2), records.flatMap { $0 })
  }

  /// Text that stands for itself.
  private static func text(_ count: Int) -> [UInt8] {
    Array(ascii(String(repeating: "the quick brown fox ", count: count / 20 + 1)).prefix(count))
  }

  private static func head(compression: UInt16, size: Int, records: Int) -> [UInt8] {
    DocumentBytes.joined(
      big(compression), zeros(2), big(UInt32(size)), big(UInt16(records)), big(UInt16(4096)),
      zeros(4))
  }

  static let all: [Specimen] = {
    let extras = DocumentBytes.joined(
      big(UInt32(106)), big(UInt32(18)), ascii("2010-05-17"), big(UInt32(503)), big(UInt32(18)),
      ascii("The record"))
    let mobi = DocumentBytes.joined(
      ascii("MOBI"), big(UInt32(232)), big(UInt32(2)), big(UInt32(65001)), zeros(4),
      big(UInt32(6)), zeros(88), big(UInt32(0x40)), zeros(116))
    let first = DocumentBytes.joined(
      head(compression: 2, size: 8192, records: 2), mobi, ascii("EXTH"),
      big(UInt32(12 + extras.count)), big(UInt32(2)), extras, zeros(40))
    let book = database(
      "BOOKMOBI", [first, text(4096), text(4096), [0xE9, 0x8E, 0x0D, 0x0A]])
    let palm = database(
      "TEXtREAd", [head(compression: 2, size: 5000, records: 2), text(4096), text(904)])
    return [
      Specimen(
        .mobi, book, type: "mobi", name: "The record",
        date: Timestamp(year: 2010, month: 5, day: 17), verdict: .intact),
      Specimen(
        .mobi, palm, label: "PalmDOC", type: "pdb", name: "A book", verdict: .intact),
    ]
  }()
}
