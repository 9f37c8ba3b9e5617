// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// SQLite's write-ahead log: frames of a page each, with checksums that go on from frame to
  /// frame. What was read back into the database is overwritten from the start on, so that frames
  /// of older rounds follow.
  ///
  ///     0  u32 377F0682, or …83: checksums over big-endian words   4  u32 3007000   8  u32 page
  ///     size
  ///     12  u32 round   16  u64 salt   24  u64 checksum
  ///     frame: u32 page, u32 pages after a commit, u64 salt, u64 checksum; page
  ///
  /// - Source: SQLite, *Database File Format*, §4 "The Write-Ahead Log".
  package static let sqliteLog = FileFormat(
    id: "sqlite-wal", name: "SQLite write-ahead log", category: .database,
    extensions: ["sqlite-wal", "db-wal", "wal"], validation: .checksums,
    signatures: [
      Signature([0x37, 0x7F, 6, 0x82, 0, 0x2D, 0xE2, 0x18]),
      Signature([0x37, 0x7F, 6, 0x83, 0, 0x2D, 0xE2, 0x18]),
    ],
    maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let size = try? bytes.big(UInt32.self, at: 8) else { return false }
      return (512...65_536).contains(size) && size & (size - 1) == 0
    }
  ) { file in
    try Examination.walk("sqlite-wal", file) {
      var walk = try SQLiteLogWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over a log's frames.
private struct SQLiteLogWalk {
  private static let mostOlderRounds: UInt32 = 10_000

  private let file: Source
  private let pageSize: Int
  private let isBig: Bool
  private var position: ByteOffset = 32
  private var sums: (UInt32, UInt32) = (0, 0)
  private var salt: [UInt8]
  private var checked: UInt64 = 1

  init(_ file: Source) throws {
    self.file = file
    let header = try file.read(at: 0, count: 32)
    isBig = header[3] & 1 == 1
    pageSize = Int(clamping: try header.big(UInt32.self, at: 8))
    salt = Array(header[16..<24])
    guard (512...65_536).contains(pageSize), pageSize.nonzeroBitCount == 1 else {
      throw Malformed("SQLite log", "its page size is none")
    }
    add(header[..<24])
    guard try header.big(UInt32.self, at: 24) == sums.0,
      try header.big(UInt32.self, at: 28) == sums.1
    else { throw Malformed("SQLite log", "the checksum of its header is wrong") }
  }

  mutating func examination() throws -> Examination {
    while try frame() {}
    guard try SectorSlack.isEmpty(in: file, from: position) else {
      throw Malformed("SQLite log", "no frame starts here", at: position)
    }
    return Examination.whole(
      "sqlite-wal", "SQLite log", end: position,
      and: [.checksumsHold(count: checked, kind: "SQLite"), .endReasoned])
  }

  /// Takes a frame; false where none follows.
  private mutating func frame() throws -> Bool {
    let head = try file.readPrefix(at: position, count: 24)
    guard head.count == 24 else {
      if head.contains(where: { $0 != 0 }) { throw Truncated() }
      return false
    }
    let own = Array(head[8..<16])
    if own != salt {
      // An older round: its salt counts up by one each time. The first of its frames goes on from
      // one that was overwritten.
      let age = try salt.big(UInt32.self, at: 0) &- own.big(UInt32.self, at: 0)
      guard age > 0, age < Self.mostOlderRounds else { return false }
    }
    guard try head.big(UInt32.self, at: 0) > 0 else { return false }
    let page = try file.read(at: position + 24, count: ByteCount(clamping: pageSize))
    add(head[..<8])
    add(page[...])
    let stated = (try head.big(UInt32.self, at: 16), try head.big(UInt32.self, at: 20))
    guard own != salt || stated == sums else { return false }
    (sums, salt) = (stated, own)
    checked &+= 1
    position = try position + 24 + ByteCount(clamping: pageSize)
    return true
  }

  /// Adds words of four bytes, an even number of them, to the two sums.
  private mutating func add(_ bytes: ArraySlice<UInt8>) {
    var (first, second) = sums
    Array(bytes).withSpan { words in
      var index = 0
      while index + 8 <= words.byteCount {
        let pair = (try? words.big(UInt64.self, at: index)) ?? 0
        let high = UInt32(truncatingIfNeeded: pair >> 32)
        let low = UInt32(truncatingIfNeeded: pair)
        first &+= (isBig ? high : high.byteSwapped) &+ second
        second &+= (isBig ? low : low.byteSwapped) &+ first
        index += 8
      }
    }
    sums = (first, second)
  }
}
