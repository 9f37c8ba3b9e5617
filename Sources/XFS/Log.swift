// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The log: what of the metadata was changed, in the order in which it was, as far as it was not written
/// over by a later round.
///
/// A record starts with a header in a sector of its own:
///
///     0x00  u32  0xFEEDBABE    0x04  u32  round        0x08  u32  version
///     0x0C  u32  length of what follows, bytes         0x10  u64  its number: round, sector
///     0x28  u32  operations    0x2C  u32×64 first word of each sector that follows
///     0x12C u32  format of the machine (1: little-endian) 0x130 u8×16 UUID
///     0x140 u32  room of a record; each 32 KiB of it take one header sector
///
/// The first word of each sector that follows is replaced by the round's number.
///
/// - Source: *XFS Algorithms & Data Structures*, "Journaling Log", "Log Records".
struct Log: Sendable {
  /// A record's body, put right.
  struct Record: Sendable {
    /// The round, and the sector within it.
    let number: UInt64
    let operations: Int
    let body: [UInt8]
  }

  /// In order of their numbers.
  let records: [Place]

  /// Where a record starts, in sectors of the log.
  struct Place: Sendable {
    let number: UInt64
    let sector: UInt64
    /// How many sectors there are up to the next record, so that no byte is read for two.
    let room: UInt64
  }

  private let source: Source

  static let sector: UInt64 = 512
  static let magic: [UInt8] = [0xFE, 0xED, 0xBA, 0xBE]
  /// A record takes at most 256 KiB, and its headers.
  static let longestBody: UInt64 = 0x4_0000

  /// Finds the records in the log of a volume; nil where the volume keeps none in itself.
  init?(of volume: XFSVolume) {
    guard let log = Self.source(of: volume) else { return nil }
    let total = log.length.rawValue / Self.sector
    self.init(log, Self.places(in: log, from: 0, to: total, uuid: volume.superblock.logUUID))
  }

  init(_ source: Source, _ records: [Place]) {
    self.source = source
    self.records = records
  }

  static func source(of volume: XFSVolume) -> Source? {
    let superblock = volume.superblock
    let shift = superblock.groupShift
    let first = superblock.logStart & ((1 << shift) - 1)
    guard superblock.logStart > 0, superblock.logBlocks > 0,
      let range = volume.geometry.range(
        ofGroup: superblock.logStart >> shift, blocks: first..<first + superblock.logBlocks)
    else { return nil }
    return try? volume.source.slice(range.clamped(to: volume.source.range), name: "log")
  }

  /// The records that start in some sectors of a log, in order of their numbers.
  static func places(in log: Source, from first: UInt64, to last: UInt64, uuid: [UInt8]) -> [Place]
  {
    var starts: [(number: UInt64, sector: UInt64)] = []
    let step: UInt64 = 0x800
    var position = first
    while position < last {
      let end = min(position + step, last)
      _ = try? log.withBytes(in: ByteOffset(position * sector)..<ByteOffset(end * sector)) {
        bytes in
        for at in stride(from: 0, to: bytes.byteCount - 511, by: 512)
        where bytes.holds(magic, at: at) && bytes.holds(uuid, at: at + 0x130) {
          let number = try bytes.big(UInt64.self, at: at + 0x10)
          starts.append((number, position + UInt64(at) / sector))
        }
      }
      position = end
    }
    let total = log.length.rawValue / sector
    let places = starts.indices.map { index in
      let next =
        index + 1 < starts.count ? starts[index + 1].sector : total + starts[0].sector
      let (number, start) = starts[index]
      return Place(number: number, sector: start, room: next - start)
    }
    return places.sorted { ($0.number, $0.sector) < ($1.number, $1.sector) }
  }

  /// Reads a record; its body ends where a later round begins.
  func record(_ place: Place) -> Record? {
    guard let header = sectors(from: place.sector, count: 1),
      let round = try? header.big(UInt32.self, at: 4),
      let version = try? header.big(UInt32.self, at: 8),
      let length = (try? header.big(UInt32.self, at: 12)).map(UInt64.init),
      length <= Self.longestBody,
      let operations = try? header.big(UInt32.self, at: 0x28),
      let format = try? header.big(UInt32.self, at: 0x12C), format == 1,
      let room = (try? header.big(UInt32.self, at: 0x140)).map(UInt64.init)
    else { return nil }
    let headers = version & 2 != 0 && room > 0x8000 ? min((room + 0x7FFF) / 0x8000, 8) : 1
    guard headers <= place.room else { return nil }
    let count = min((length + Self.sector - 1) / Self.sector, place.room - headers)
    guard let all = sectors(from: place.sector, count: headers + count) else { return nil }
    let skip = Int(headers * Self.sector)
    var body: [UInt8] = []
    body.reserveCapacity(all.count - skip)
    for index in 0..<Int(count) {
      // The first header holds 64 words from 0x2C on; each further one as many from 4 on.
      let from = index < 64 ? 0x2C + 4 * index : 512 * (index / 64) + 4 + 4 * (index % 64)
      let at = skip + 512 * index
      let stamp = try? all.big(UInt32.self, at: at)
      // Behind the end of the log the next round has begun.
      guard stamp == round || stamp == round &+ 1, from + 4 <= skip, at + 512 <= all.count else {
        break
      }
      body += all[from..<from + 4]
      body += all[(at + 4)..<(at + 512)]
    }
    return Record(
      number: place.number, operations: Int(operations),
      body: Array(body.prefix(Int(length))))
  }

  /// Sectors of the ring.
  private func sectors(from first: UInt64, count: UInt64) -> [UInt8]? {
    let total = source.length.rawValue / Self.sector
    guard total > 0, count <= total else { return nil }
    let ahead = min(count, total - first % total)
    let start = ByteOffset(first % total * Self.sector)
    guard
      let head = try? source.read(at: start, count: ByteCount(ahead * Self.sector)),
      let rest = try? source.read(at: 0, count: ByteCount((count - ahead) * Self.sector))
    else { return nil }
    return head + rest
  }
}
