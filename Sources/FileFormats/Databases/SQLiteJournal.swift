// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// SQLite's rollback journal: segments, each a header that fills a sector and the former content
  /// of some pages, with a checksum over a few of their bytes.
  ///
  ///     0  D9 D5 05 F9 20 A1 63 D7   8  u32 records (-1: to the end)   12  u32 nonce
  ///     16  u32 pages of the database   20  u32 sector size   24  u32 page size
  ///     record: u32 page; page; u32 checksum
  ///
  /// - Source: SQLite, *Database File Format*, §3 "The Rollback Journal".
  package static let sqliteJournal = FileFormat(
    id: "sqlite-journal", name: "SQLite rollback journal", category: .database,
    extensions: ["sqlite-journal", "db-journal"], validation: .structure,
    signatures: [Signature([0xD9, 0xD5, 5, 0xF9, 0x20, 0xA1, 0x63, 0xD7])],
    maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let sector = try? bytes.big(UInt32.self, at: 20),
        let page = try? bytes.big(UInt32.self, at: 24)
      else { return false }
      return (32...65_536).contains(sector) && sector & (sector - 1) == 0
        && (512...65_536).contains(page) && page & (page - 1) == 0
    }
  ) { file in
    try Examination.walk("sqlite-journal", file) {
      var walk = SQLiteJournalWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over a journal's segments.
private struct SQLiteJournalWalk {
  private static let magic: [UInt8] = [0xD9, 0xD5, 5, 0xF9, 0x20, 0xA1, 0x63, 0xD7]

  private let file: Source
  private var position: ByteOffset = 0
  private var isReasoned = false

  init(_ file: Source) { self.file = file }

  mutating func examination() throws -> Examination {
    var sectorSize = try segment()
    while !isReasoned {
      let next = ByteOffset((position.rawValue &+ sectorSize - 1) / sectorSize &* sectorSize)
      guard try isSegment(at: next) else { break }
      position = next
      sectorSize = try segment()
    }
    return Examination.whole(
      "sqlite-journal", "SQLite journal", end: position, and: isReasoned ? [.endReasoned] : [])
  }

  /// Whether a segment goes on at `offset`; until it is flushed, zeros stand for the magic and the
  /// number of records.
  private func isSegment(at offset: ByteOffset) throws -> Bool {
    let header = try file.readPrefix(at: offset, count: 28)
    if header.holds(Self.magic, at: 0) { return true }
    let first = try file.read(at: 16, count: 12)
    return header.holds([UInt8](repeating: 0, count: 12), at: 0) && header.holds(first, at: 16)
  }

  /// Reads a segment and gives its sector size.
  private mutating func segment() throws -> UInt64 {
    let header = try file.read(at: position, count: 28)
    let stated = try header.big(UInt32.self, at: 8)
    let nonce = try header.big(UInt32.self, at: 12)
    let sectorSize = UInt64(try header.big(UInt32.self, at: 20))
    let pageSize = Int(clamping: try header.big(UInt32.self, at: 24))
    guard (32...65_536).contains(sectorSize), (512...65_536).contains(pageSize) else {
      throw Malformed("SQLite journal", "the header of a segment is wrong", at: position)
    }
    let start = position
    position = try position + ByteCount(sectorSize)
    // A journal that was never flushed does not state its records.
    let isStated = stated != 0 && stated != .max
    var count: UInt32 = 0
    while !isStated || count < stated {
      let record = try file.readPrefix(at: position, count: ByteCount(clamping: pageSize + 8))
      guard try record.count == pageSize + 8 && Self.holds(record, nonce, pageSize) else {
        if !isStated { break }
        if record.count < pageSize + 8 { throw Truncated() }
        throw Malformed("SQLite journal", "the checksum of a page is wrong", at: position)
      }
      position = try position + ByteCount(clamping: pageSize + 8)
      count += 1
    }
    guard count > 0 else { throw Malformed("SQLite journal", "a segment is empty", at: start) }
    if !isStated { isReasoned = true }
    return sectorSize
  }

  /// Whether a record's checksum holds: the nonce and every 200th byte from the page's end.
  private static func holds(_ record: [UInt8], _ nonce: UInt32, _ pageSize: Int) throws -> Bool {
    var sum = nonce
    for index in stride(from: pageSize - 200, to: 0, by: -200) { sum &+= UInt32(record[4 + index]) }
    let page = try record.big(UInt32.self, at: 0)
    return try page > 0 && record.big(UInt32.self, at: pageSize + 4) == sum
  }
}
