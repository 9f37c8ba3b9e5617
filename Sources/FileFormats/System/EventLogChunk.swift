// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings

/// A chunk of an event log: a header of 512 bytes, then records.
///
/// | Offset | Size | Field                  | Unit                                             |
/// |-------:|-----:|------------------------|--------------------------------------------------|
/// |   0x00 |    8 | "ElfChnk" NUL          |                                                  |
/// |   0x2C |    4 | last record            | bytes from the chunk's start                     |
/// |   0x30 |    4 | free space             | bytes from the chunk's start                     |
/// |   0x34 |    4 | checksum of records    | CRC-32 from 512 up to the free space             |
/// |   0x7C |    4 | checksum of the header | CRC-32 of the bytes up to 120, and of 128 to 512 |
///
/// - Source: J. Metz, *Windows XML Event Log (EVTX) format*, "Chunk", "Event record".
struct EventLogChunk {
  private static let headerSize = 512
  private static let recordMark: [UInt8] = [0x2A, 0x2A, 0, 0]

  /// Whether the checksum of the records holds; a log that was not closed may lack it.
  let isProven: Bool
  /// Whether the room behind the records, which no checksum covers, holds old ones.
  let hasRemains: Bool
  /// When the last record was written.
  let lastWritten: Timestamp?

  /// - Parameter bytes: all of the chunk.
  init(_ bytes: [UInt8], at position: ByteOffset) throws {
    guard bytes.holds(Array("ElfChnk\0".utf8), at: 0),
      try Self.sum(bytes.copy(at: 0, count: 120) + bytes.copy(at: 128, count: 384))
        == bytes.little(UInt32.self, at: 0x7C)
    else { throw Malformed("event log", "no chunk starts here", at: position) }
    let free = Int(clamping: try bytes.little(UInt32.self, at: 0x30))
    guard free >= Self.headerSize, free <= bytes.count else {
      throw Malformed("event log", "the size of a chunk is wrong", at: position)
    }
    let records = try bytes.copy(at: Self.headerSize, count: free - Self.headerSize)
    isProven = try Self.sum(records) == bytes.little(UInt32.self, at: 0x34)
    hasRemains = bytes[free...].contains { $0 != 0 }
    if !isProven { try Self.follow(records, at: position) }
    let last = Int(clamping: try bytes.little(UInt32.self, at: 0x2C))
    lastWritten =
      bytes.holds(Self.recordMark, at: last)
      ? WindowsTime.moment((try? bytes.little(UInt64.self, at: last &+ 16)) ?? 0) : nil
  }

  /// Records repeat their size at their end.
  private static func follow(_ records: [UInt8], at position: ByteOffset) throws {
    var at = 0
    while at < records.count {
      guard records.holds(recordMark, at: at),
        let size = try? records.little(UInt32.self, at: at + 4), size >= 28,
        size <= UInt32(clamping: records.count - at),
        try records.little(UInt32.self, at: at + Int(size) - 4) == size
      else { throw Malformed("event log", "a record is wrong", at: position) }
      at += Int(size)
    }
  }

  private static func sum(_ bytes: [UInt8]) -> UInt32 {
    var crc = CRC32(.iso)
    crc.update(bytes)
    return crc.value
  }
}
