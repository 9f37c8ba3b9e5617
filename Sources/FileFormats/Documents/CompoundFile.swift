// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The sectors, chains and directory of a compound file.
///
/// - Source: Microsoft, *[MS-CFB]*, §2.3 "FAT", §2.5 "DIFAT", §2.6 "Directory".
struct CompoundFile {
  private static let free: UInt32 = 0xFFFF_FFFF
  private static let endOfChain: UInt32 = 0xFFFF_FFFE
  private static let fatSector: UInt32 = 0xFFFF_FFFD
  private static let difatSector: UInt32 = 0xFFFF_FFFC
  private static let largestRegular: UInt32 = 0xFFFF_FFFA

  private let file: Source
  private let sectorSize: UInt64
  private var fat: [UInt32] = []
  private var fatSectors: [UInt32] = []
  private let directoryStart: UInt32
  private let miniCutoff: UInt32

  /// A stream or storage of the directory.
  private struct Entry {
    let name: String
    let kind: UInt8
    let start: UInt32
    let size: UInt64
  }

  init(_ file: Source) throws {
    self.file = file
    let header = try file.read(at: 0, count: 512)
    let shift = try header.little(UInt16.self, at: 0x1E)
    guard shift == 9 || shift == 12 else {
      throw Malformed("compound file", "its sector size is none")
    }
    sectorSize = 1 << UInt64(shift)
    directoryStart = try header.little(UInt32.self, at: 0x30)
    miniCutoff = try header.little(UInt32.self, at: 0x38)
    let count = try header.little(UInt32.self, at: 0x2C)
    guard UInt64(count) * sectorSize / 4 * sectorSize <= 0x1_0000_0000, count > 0 else {
      throw Malformed("compound file", "its table is absurdly large")
    }
    try readTable(header, count: Int(count))
  }

  private func offset(of sector: UInt32) -> ByteOffset {
    ByteOffset((UInt64(sector) + 1) * sectorSize)
  }

  private mutating func readTable(_ header: [UInt8], count: Int) throws {
    for index in 0..<min(109, count) {
      fatSectors.append(try header.little(UInt32.self, at: 0x4C + 4 * index))
    }
    var next = try header.little(UInt32.self, at: 0x44)
    var seen: Set<UInt32> = []
    let perSector = Int(sectorSize / 4)
    while fatSectors.count < count, next <= Self.largestRegular, seen.insert(next).inserted {
      let sector = try file.read(at: offset(of: next), count: ByteCount(sectorSize))
      for index in 0..<perSector - 1 where fatSectors.count < count {
        fatSectors.append(try sector.little(UInt32.self, at: 4 * index))
      }
      next = try sector.little(UInt32.self, at: 4 * (perSector - 1))
    }
    guard fatSectors.count == count else {
      throw Malformed("compound file", "its list of tables ends early")
    }
    for number in fatSectors {
      guard number <= Self.largestRegular else {
        throw Malformed("compound file", "a sector of its table is none")
      }
      let place = offset(of: number)
      let sector = try file.read(at: place, count: ByteCount(sectorSize))
      for index in 0..<perSector { fat.append(try sector.little(UInt32.self, at: 4 * index)) }
      // Its own table says of itself that it is one.
      if Int(number) < fat.count, fat[Int(number)] != Self.fatSector {
        throw Malformed("compound file", "a sector of its table is foreign", at: place)
      }
    }
  }

  func examination() throws -> Examination {
    guard let last = fat.lastIndex(where: { $0 != Self.free }) else {
      throw Malformed("compound file", "its table is empty")
    }
    let end = ByteOffset((UInt64(clamping: last) + 2) * sectorSize)
    guard end <= file.range.upperBound else {
      return .truncated(at: ByteOffset(file.length), evidence: [.headerMatched("doc")])
    }
    for entry in fat where entry <= Self.largestRegular {
      guard Int(entry) <= last else {
        throw Malformed("compound file", "a chain leaves the file")
      }
    }
    let entries = try directory()
    for entry in entries where entry.kind == 2 || entry.kind == 5 {
      let isPlain = entry.kind == 5 || entry.size >= UInt64(miniCutoff)
      guard isPlain, entry.size > 0 else { continue }
      let sectors = chain(from: entry.start)
      guard UInt64(clamping: sectors.count) * sectorSize >= entry.size else {
        let place = sectors.last.map { offset(of: $0) } ?? 512
        throw Malformed("compound file", "the chain of a stream ends early", at: place)
      }
    }
    var result = Examination.whole("doc", "compound file", end: end)
    result.type = Self.type(of: entries.map(\.name))
    let facts = try summary(entries)
    result.name = facts?.title
    result.date = facts?.date
    return result
  }

  private func chain(from start: UInt32) -> [UInt32] {
    var sectors: [UInt32] = []
    var next = start
    while next <= Self.largestRegular, Int(next) < fat.count, sectors.count <= fat.count {
      sectors.append(next)
      next = fat[Int(next)]
    }
    return sectors
  }

  /// Directory entries of 128 bytes: 0 name in UTF-16, 64 u16 its length, 66 u8 kind, 116 u32 start,
  /// 120 u64 size.
  private func directory() throws -> [Entry] {
    var entries: [Entry] = []
    for sector in chain(from: directoryStart).prefix(65_536) {
      let bytes = try file.read(at: offset(of: sector), count: ByteCount(sectorSize))
      for at in stride(from: 0, to: bytes.count, by: 128) {
        let kind = bytes[at + 66]
        guard kind != 0 else { continue }
        let length = Int(try bytes.little(UInt16.self, at: at + 64))
        guard [1, 2, 5].contains(kind), (2...64).contains(length), length % 2 == 0 else {
          throw Malformed(
            "compound file", "an entry of its directory is wrong", at: offset(of: sector))
        }
        let units = stride(from: at, to: at + length - 2, by: 2).map {
          UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
        }
        let size = try bytes.little(UInt64.self, at: at + 120)
        entries.append(
          Entry(
            name: String(decoding: units, as: UTF16.self), kind: kind,
            start: try bytes.little(UInt32.self, at: at + 116),
            size: sectorSize == 512 ? size & 0xFFFF_FFFF : size))
      }
    }
    guard entries.first?.kind == 5 else {
      throw Malformed("compound file", "its directory has no root", at: offset(of: directoryStart))
    }
    return entries
  }

  private static func type(of names: [String]) -> String {
    let types = [
      ("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"),
      ("PowerPoint Document", "ppt"), ("VisioDocument", "vsd"), ("Quill", "pub"),
      ("__properties_version1.0", "msg"), ("__nameid_version1.0", "msg"),
    ]
    return types.first { names.contains($0.0) }?.1 ?? "doc"
  }

  /// Title and date of creation.
  ///
  /// - Source: Microsoft, *[MS-OLEPS]*, §2.21 "PropertySet"; *[MS-OSHARED]*, §2.3.3.2.1.
  private func summary(_ entries: [Entry]) throws -> (title: String?, date: Timestamp?)? {
    guard let stream = entries.first(where: { $0.name == "\u{5}SummaryInformation" }) else {
      return nil
    }
    let bytes = try content(of: stream, root: entries[0])
    guard let section = (try? bytes.little(UInt32.self, at: 44)).map(Int.init),
      let count = try? bytes.little(UInt32.self, at: section + 4), count < 1000
    else { return nil }
    var title: String?
    var date: Timestamp?
    for index in 0..<Int(count) {
      guard let id = try? bytes.little(UInt32.self, at: section + 8 + 8 * index),
        let place = try? bytes.little(UInt32.self, at: section + 12 + 8 * index)
      else { break }
      let at = section + Int(place)
      switch (id, try? bytes.little(UInt32.self, at: at)) {
      case (2, 30):
        let length = Int((try? bytes.little(UInt32.self, at: at + 4)) ?? 0)
        if let text = try? bytes.copy(at: at + 8, count: min(length, 512)) {
          title = ContentText.text(text)
        }
      case (12, 64):
        // In units of 100 ns since 1601.
        if let ticks = try? bytes.little(UInt64.self, at: at + 4), ticks > 0 {
          date = Timestamp(seconds: Int64(ticks / 10_000_000) - 11_644_473_600)
        }
      default: break
      }
    }
    return (title, date)
  }

  /// The first 64 KiB of a stream; small ones lie in the root's stream, 64 bytes a sector.
  private func content(of entry: Entry, root: Entry) throws -> [UInt8] {
    let size = Int(min(entry.size, 0x1_0000))
    guard entry.size < UInt64(miniCutoff) else {
      return Array(try plain(entry.start, upTo: size).prefix(size))
    }
    let header = try file.read(at: 0x3C, count: 4)
    let table = try plain(header.little(UInt32.self, at: 0), upTo: 0x10_0000)
    let mini = try plain(root.start, upTo: 0x40_0000)
    var bytes: [UInt8] = []
    var next = entry.start
    while bytes.count < size, next <= Self.largestRegular,
      let part = try? mini.copy(at: Int(next) * 64, count: 64)
    {
      bytes += part
      guard let after = try? table.little(UInt32.self, at: Int(next) * 4) else { break }
      next = after
    }
    return Array(bytes.prefix(size))
  }

  private func plain(_ start: UInt32, upTo limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for sector in chain(from: start) where bytes.count < limit {
      bytes += try file.read(at: offset(of: sector), count: ByteCount(sectorSize))
    }
    return bytes
  }
}
