// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum SQLiteSpecimens {
  /// A database of three pages: the schema, a table, and one that the table's only row spills into.
  private static func database(isCounted: Bool) -> [UInt8] {
    let header =
      ascii("SQLite format 3\0") + [2, 0, 1, 1, 0, 64, 32, 32] + big(UInt32(7))
      + big(UInt32(isCounted ? 3 : 0)) + zeros(60) + big(UInt32(isCounted ? 7 : 0)) + zeros(4)
    let sql = ascii("CREATE TABLE boats(name)")
    let row: [UInt8] =
      [6, 23, 23, 23, 1, UInt8(13 + 2 * sql.count)] + ascii("tableboatsboats") + [2] + sql
    let schema = [UInt8(row.count), 1] + row
    let first =
      header + [13, 0, 0, 0, 1] + big(UInt16(512 - schema.count)) + [0]
      + big(UInt16(512 - schema.count))
    let cell = [0x84, 0x58, 1, 3, 0x89, 0x36] + junk(89) + big(UInt32(3))
    let second =
      [13, 0, 0, 0, 1] + big(UInt16(512 - cell.count)) + [0] + big(UInt16(512 - cell.count))
    return first + zeros(512 - first.count - schema.count) + schema + second
      + zeros(512 - second.count - cell.count) + cell + zeros(4) + junk(508)
  }

  private static func sums(_ bytes: [UInt8], _ start: (UInt32, UInt32)) -> (UInt32, UInt32) {
    var (first, second) = start
    for index in stride(from: 0, to: bytes.count, by: 8) {
      func word(_ at: Int) -> UInt32 { (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[at + $1]) } }
      first &+= word(index) &+ second
      second &+= word(index + 4) &+ first
    }
    return (first, second)
  }

  /// A log of three frames, and one of the round before.
  private static let log: [UInt8] = {
    let salt = big(UInt32(900)) + junk(4)
    var bytes: [UInt8] =
      [0x37, 0x7F, 6, 0x83, 0, 0x2D, 0xE2, 0x18] + big(UInt32(512)) + big(UInt32(2)) + salt
    var state = sums(bytes, (0, 0))
    bytes += big(state.0) + big(state.1)
    for page in 1...3 {
      let head = big(UInt32(page)) + big(UInt32(page == 3 ? 5 : 0))
      let content = junk(512, seed: UInt64(page))
      state = sums(head + content, state)
      bytes += head + salt + big(state.0) + big(state.1) + content
    }
    return bytes + big(UInt32(4)) + zeros(4) + big(UInt32(899)) + junk(12) + junk(512)
  }()

  private static let journal: [UInt8] = {
    let magic: [UInt8] = [0xD9, 0xD5, 5, 0xF9, 0x20, 0xA1, 0x63, 0xD7]
    let nonce: UInt32 = 0x1234_5678
    let head =
      magic + big(UInt32(3)) + big(nonce) + big(UInt32(9)) + big(UInt32(512)) + big(UInt32(1024))
    return (1...3).reduce(head + zeros(512 - head.count)) { bytes, page in
      let content = junk(1024, seed: UInt64(page))
      let sum = stride(from: 824, to: 0, by: -200).reduce(nonce) { $0 &+ UInt32(content[$1]) }
      return bytes + big(UInt32(page)) + content + big(sum)
    }
  }()

  static let all: [Specimen] = [
    Specimen(.sqlite, database(isCounted: true), name: "boats", boundaries: [512, 1024]),
    Specimen(
      .sqlite, database(isCounted: false), label: "pages not counted", name: "boats",
      verdict: .probable, boundaries: [512, 1024]),
    Specimen(
      .sqliteLog, log, verdict: .probable, boundaries: [32, 568, 1104, 1640],
      covered: [0..<24, 32..<40, 56..<568]),
    Specimen(.sqliteJournal, journal, boundaries: [512, 1544, 2576], endsAlone: false),
  ]
}
