// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum FontSpecimens {
  static let all: [Specimen] = [
    font("A boat", [0, 1, 0, 0], type: "ttf"), font("A boat", ascii("OTTO"), type: "otf"),
    collection,
  ]

  static func sum(_ data: [UInt8]) -> UInt32 {
    let padded = data + zeros(-data.count & 3)
    return stride(from: 0, to: padded.count, by: 4).reduce(0) { sum, index in
      sum &+ padded[index..<index + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
  }

  static let name: [UInt8] = {
    let text = Array("A boat".utf16).flatMap { big($0) }
    let record = [3, 1, 0x409, 4, UInt16(text.count), 0].flatMap { big($0) }
    return big(UInt16(0)) + big(UInt16(1)) + big(UInt16(18)) + record + text
  }()

  private static let head =
    big(UInt32(0x10000)) + zeros(4) + zeros(4) + big(UInt32(0x5F0F_3CF5)) + zeros(12)
    + big(Int64(2_082_844_800 + 1_400_000_000)) + zeros(18)

  private static let tables: [(tag: String, data: [UInt8])] = [
    ("cmap", junk(300)), ("glyf", junk(901, seed: 2)), ("head", head), ("name", name),
  ]

  /// The directory and the tables, the first at `start`.
  private static func layout(version: [UInt8], at start: Int) -> (directory: [UInt8], data: [UInt8])
  {
    var directory = version + big(UInt16(tables.count)) + zeros(6)
    var data: [UInt8] = []
    for table in tables {
      directory += ascii(table.tag) + big(sum(table.data))
      directory += big(UInt32(start + data.count)) + big(UInt32(table.data.count))
      data += table.data + zeros(-table.data.count & 3)
    }
    return (directory, data)
  }

  private static func font(_ name: String, _ version: [UInt8], type: String) -> Specimen {
    let font = layout(version: version, at: 76)
    let bytes = font.directory + font.data
    let last = bytes.count - (-tables[3].data.count & 3)
    return Specimen(
      .sfnt, bytes, label: type, type: type, name: name, date: Timestamp(seconds: 1_400_000_000),
      verdict: .verified, boundaries: [12, 76, 376],
      covered: [76..<1277, 1280..<1288, 1292..<1334, 1336..<last],
      wholeCuts: [last..<bytes.count])
  }

  private static let collection: Specimen = {
    let font = layout(version: [0, 1, 0, 0], at: 172)
    let head = ascii("ttcf") + big(UInt32(0x10000)) + big(UInt32(2)) + big(UInt32(20))
    let bytes = head + big(UInt32(96)) + font.directory + font.directory + font.data
    let last = bytes.count - (-tables[3].data.count & 3)
    return Specimen(
      .ttc, bytes, type: "ttc", name: "A boat", verdict: .verified, boundaries: [12, 20, 96, 172],
      covered: [172..<1373], wholeCuts: [last..<bytes.count])
  }()
}
