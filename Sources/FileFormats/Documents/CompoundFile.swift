// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The sectors of a compound file and the chains that they form.
///
/// - Source: Microsoft, *[MS-CFB]*, §2.3 "FAT", §2.5 "DIFAT".
struct CompoundFile {
  static let largestRegular: UInt32 = 0xFFFF_FFFA
  private static let free: UInt32 = 0xFFFF_FFFF
  private static let endOfChain: UInt32 = 0xFFFF_FFFE
  private static let fatSector: UInt32 = 0xFFFF_FFFD

  let file: Source
  let sectorSize: UInt64
  let directoryStart: UInt32
  /// Streams smaller than this lie in the root's stream.
  let miniCutoff: UInt32
  let miniTableStart: UInt32
  private var fat: [UInt32] = []

  var sectorCount: Int { fat.count }

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
    miniTableStart = try header.little(UInt32.self, at: 0x3C)
    let count = try header.little(UInt32.self, at: 0x2C)
    guard UInt64(count) * sectorSize / 4 * sectorSize <= 0x1_0000_0000, count > 0 else {
      throw Malformed("compound file", "its table is absurdly large")
    }
    try readTable(header, count: Int(clamping: count))
  }

  /// Where a sector begins: the header fills the place of one.
  func offset(of sector: UInt32) -> ByteOffset {
    ByteOffset((UInt64(sector) + 1) * sectorSize)
  }

  private mutating func readTable(_ header: [UInt8], count: Int) throws {
    let perSector = Int(clamping: sectorSize / 4)
    let numbers = try tableSectors(header, count: count)
    var foreign: ByteOffset?
    for number in numbers {
      guard number <= Self.largestRegular else {
        throw Malformed("compound file", "a sector of its table is none")
      }
      let place = offset(of: number)
      let sector = try file.read(at: place, count: ByteCount(sectorSize))
      let first = fat.count
      for index in 0..<perSector { fat.append(try sector.little(UInt32.self, at: 4 * index)) }
      if isForeign(fat[first...], of: perSector * count) { foreign = min(foreign ?? place, place) }
    }
    if let foreign {
      throw Malformed("compound file", "a sector of its table is foreign", at: foreign)
    }
    for number in numbers {
      let place = offset(of: number)
      // Its own table says of itself that it is one.
      let index = Int(clamping: number)
      if index < fat.count, fat[index] != Self.fatSector, fat[index] != Self.endOfChain {
        throw Malformed("compound file", "a sector of its table is foreign", at: place)
      }
    }
  }

  /// Whether these are no entries of a table for so many sectors: some lead beyond all of them, or several
  /// to the same one.
  private func isForeign(_ entries: ArraySlice<UInt32>, of sectors: Int) -> Bool {
    var seen: Set<UInt32> = []
    var odd = 0
    for entry in entries where entry <= Self.largestRegular {
      if Int(clamping: entry) >= sectors || !seen.insert(entry).inserted { odd += 1 }
    }
    return odd > 2
  }

  /// The sectors that hold the table: 109 in the header, more in sectors of their own.
  private func tableSectors(_ header: [UInt8], count: Int) throws -> [UInt32] {
    var sectors: [UInt32] = []
    for index in 0..<min(109, count) {
      sectors.append(try header.little(UInt32.self, at: 0x4C + 4 * index))
    }
    var next = try header.little(UInt32.self, at: 0x44)
    var seen: Set<UInt32> = []
    let perSector = Int(clamping: sectorSize / 4)
    while sectors.count < count, next <= Self.largestRegular, seen.insert(next).inserted {
      let sector = try file.read(at: offset(of: next), count: ByteCount(sectorSize))
      for index in 0..<perSector - 1 where sectors.count < count {
        sectors.append(try sector.little(UInt32.self, at: 4 * index))
      }
      next = try sector.little(UInt32.self, at: 4 * (perSector - 1))
    }
    guard sectors.count == count else {
      throw Malformed("compound file", "its list of tables ends early")
    }
    return sectors
  }

  /// Behind the last sector that is in use.
  func end() throws -> ByteOffset {
    guard let last = fat.lastIndex(where: { $0 != Self.free }) else {
      throw Malformed("compound file", "its table is empty")
    }
    for (index, entry) in fat.enumerated()
    where entry <= Self.largestRegular && Int(clamping: entry) > last {
      throw Malformed(
        "compound file", "a chain leaves the file", at: offset(of: UInt32(clamping: index)))
    }
    return ByteOffset((UInt64(clamping: last) + 2) * sectorSize)
  }

  /// The sectors from one to the end of its chain.
  func chain(from start: UInt32) -> [UInt32] {
    var sectors: [UInt32] = []
    var next = start
    while next <= Self.largestRegular, Int(clamping: next) < fat.count, sectors.count <= fat.count {
      sectors.append(next)
      next = fat[Int(clamping: next)]
    }
    return sectors
  }

  /// The sectors of a chain, joined to a source of their own.
  ///
  /// Throws `Truncated` where a sector lies beyond the file.
  func stream(from start: UInt32, size: UInt64) throws -> Source {
    let places = chain(from: start).map { offset(of: $0) }
    return try Self.joined(places, of: file, sectorSize, size: size)
  }

  private static func joined(
    _ places: [ByteOffset], of file: Source, _ sectorSize: UInt64, size: UInt64
  ) throws -> Source {
    var extents: [Extent] = []
    var run: Range<ByteOffset>?
    for start in places {
      guard start < file.range.upperBound else { throw Truncated() }
      let next = start.advancedClamped(by: ByteCount(sectorSize))
      let range = start..<min(next, file.range.upperBound)
      if let last = run, last.upperBound == range.lowerBound {
        run = last.lowerBound..<range.upperBound
      } else {
        if let run { extents += try file.onMedium(run) }
        run = range
      }
    }
    if let run { extents += try file.onMedium(run) }
    let whole = file.joined(extents)
    return try whole.slice(0..<min(ByteOffset(size), whole.range.upperBound))
  }

  /// The sectors of 64 bytes that small streams lie in, inside the root's stream.
  func smallSectors(of root: CompoundDirectory.Entry) throws -> SmallSectors {
    let table = try stream(from: miniTableStart, size: 0x100_0000)
    return SmallSectors(
      file: try stream(from: root.start, size: root.size),
      table: try table.read(at: 0, count: table.length))
  }

  struct SmallSectors {
    fileprivate let file: Source
    fileprivate let table: [UInt8]

    /// A small stream; empty where its chain is none.
    func stream(from start: UInt32, size: UInt64) throws -> Source {
      var places: [ByteOffset] = []
      var next = start
      while UInt64(places.count) * 64 < size, next <= CompoundFile.largestRegular {
        places.append(ByteOffset(UInt64(next) * 64))
        guard let after = try? table.little(UInt32.self, at: Int(clamping: next) * 4) else { break }
        next = after
      }
      return try CompoundFile.joined(places, of: file, 64, size: size)
    }
  }
}
