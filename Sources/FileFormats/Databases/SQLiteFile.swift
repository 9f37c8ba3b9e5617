// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// An SQLite database: pages of one size, their number in the header.
  ///
  ///     0  "SQLite format 3\0"  16 u16 page size (1: 65,536)   18 u8 1 or 2   19 u8 1 or 2
  ///     21 u8 64, 22 u8 32, 23 u8 32   24 u32 change counter   28 u32 pages
  ///     92 u32 the change counter for which the number of pages is right
  ///
  /// - Source: SQLite, *Database File Format*, §1.3 "The Database Header", §1.6 "B-tree Pages".
  package static let sqlite = FileFormat(
    id: "sqlite", name: "SQLite database", category: .database,
    extensions: ["sqlite", "sqlite3", "db", "db3"],
    validation: .structure,
    signatures: [Signature(Array("SQLite format 3\0".utf8))], maximumSize: 0x80_0000_0000,
    resembles: { bytes in
      guard let size = try? bytes.big(UInt16.self, at: 16) else { return false }
      return (size == 1 || (size >= 512 && size & (size - 1) == 0))
        && bytes.holds([64, 32, 32], at: 21)
    }
  ) { file in
    try Examination.walk("sqlite", file) { try SQLiteWalk(file).examination() }
  }
}

/// The walk over a database's pages.
private struct SQLiteWalk {
  /// Databases of more pages than these are not read whole.
  private static let mostWalked: UInt64 = 100_000
  private static let growth: UInt64 = 0x8000
  /// Where a schema is looked for: it may grow away from the first page.
  private static let schemaRoom: ByteCount = 0x10_0000
  private static let longestUnstepped: UInt64 = 0x2_0000

  private let file: Source
  private let pageSize: UInt64
  private let count: UInt64
  private let isCounted: Bool

  init(_ file: Source) throws {
    self.file = file
    let header = try file.read(at: 0, count: 100)
    let size = UInt64(try header.big(UInt16.self, at: 16))
    pageSize = size == 1 ? 65_536 : size
    guard pageSize >= 512, pageSize & (pageSize - 1) == 0 else {
      throw Malformed("SQLite", "its page size is none")
    }
    count = UInt64(try header.big(UInt32.self, at: 28))
    isCounted =
      try count > 0 && header.big(UInt32.self, at: 24) == header.big(UInt32.self, at: 92)
  }

  func examination() throws -> Examination {
    guard isCounted else { return try uncounted() }
    let end = ByteOffset(try (ByteCount(pageSize) * count).rawValue)
    guard end <= file.range.upperBound else {
      return .truncated(at: ByteOffset(file.length), evidence: [.headerMatched("sqlite")])
    }
    for page in 0..<count {
      let start = ByteOffset(page * pageSize)
      if page == Self.mostWalked { break }
      guard try isPage(at: start, isFirst: page == 0) else {
        return .broken(
          at: start, problem: "page \(page + 1) is none",
          evidence: [.headerMatched("sqlite")])
      }
    }
    // Pages whose last state stands in a write-ahead log need not fit together.
    var pages = SQLitePages(file, pageSize: pageSize, limit: count)
    let isSound = try count > Self.mostWalked || pages.areSound()
    let table = try firstTable()
    let reserve = try growsInSteps() ? reserveEnd(behind: end) : end
    // Any page of its kind fits where another one is.
    var result = Examination.whole(
      "sqlite", "SQLite", end: reserve,
      and: (isSound ? HiddenRoom.anywhere(upTo: end) : [.payloadUnchecked])
        + (reserve > end ? [.endReasoned] : []))
    result.name = table
    return result
  }

  /// Whether it has the table that browsers of the Chromium family begin with.
  private func growsInSteps() throws -> Bool {
    let head = try file.readPrefix(at: 0, count: Self.schemaRoom)
    return head.firstIndex(of: Array("CREATE TABLE meta(key LONGVARCHAR".utf8)) != nil
  }

  /// Browsers of the Chromium family make a large file longer in steps: zeros up to the next one are its
  /// own.
  ///
  /// - Source: SQLite, *Run-Time Limits and File Controls*, `SQLITE_FCNTL_CHUNK_SIZE`.
  private func reserveEnd(behind end: ByteOffset) throws -> ByteOffset {
    let rest = (Self.growth - end.rawValue % Self.growth) % Self.growth
    let reserve = try end + ByteCount(rest)
    guard rest > 0, end.rawValue > Self.longestUnstepped, reserve <= file.range.upperBound,
      try file.isZero(end..<reserve)
    else { return end }
    return reserve
  }

  /// Versions before 3.7.0 do not keep the number of pages: the last page is the last one in use.
  private func uncounted() throws -> Examination {
    var pages = SQLitePages(file, pageSize: pageSize)
    let end = ByteOffset(try (ByteCount(pageSize) * pages.last()).rawValue)
    var result = Examination.whole("sqlite", "SQLite", end: end, and: [.endReasoned])
    result.name = try firstTable()
    return result
  }

  /// Whether a page is a sound page of a B-tree, or else one whose first word names another page.
  private func isPage(at start: ByteOffset, isFirst: Bool) throws -> Bool {
    let at: ByteCount = isFirst ? 100 : 0
    let head = try file.read(at: start.advancedClamped(by: at), count: 8)
    if [2, 5, 10, 13].contains(head[0]) {
      let cells = UInt64(try head.big(UInt16.self, at: 3))
      let content = UInt64(try head.big(UInt16.self, at: 5))
      let room = at.rawValue + 8 + (head[0] < 8 ? 4 : 0) + 2 * cells
      if room <= pageSize, content == 0 || (room <= content && content <= pageSize) { return true }
    }
    // An overflow or free page, a pointer map: page numbers.
    let first = UInt64(try head.big(UInt32.self, at: 0))
    return !isFirst && (first <= count || (1...5).contains(head[0]))
  }

  /// The name in the first `CREATE TABLE` of the schema.
  private func firstTable() throws -> String? {
    let page = try file.read(at: 0, count: ByteCount(pageSize))
    guard let place = page.firstIndex(of: Array("CREATE TABLE ".utf8)) else { return nil }
    let rest = page[(place + 13)...].prefix(80).prefix { $0 != 0x28 && $0 != 0x0A }
    return ContentText.text(rest.filter { !Array("\"'`[]".utf8).contains($0) })
  }
}
