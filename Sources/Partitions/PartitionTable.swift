// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The partitions of a disk, and what is worth telling about the table that lists them.
package struct PartitionTable: Hashable, Sendable {
  /// "MBR" or "GPT".
  package let scheme: String
  /// In the order of the table; none of them is empty.
  package let partitions: [Partition]
  /// Damage and oddities, in words for the technician.
  package let remarks: [String]

  /// Reads the table of a disk: a GPT, primary or backup, else an MBR. Nil where there is none, and
  /// where a file system starts at the first sector.
  package static func read(_ source: Source) -> PartitionTable? {
    guard let first = try? source.readPrefix(at: 0, count: 512), first.count == 512 else {
      return GUIDPartitionTable.read(source, isExpected: false)
    }
    if isVolume(first) { return nil }
    let master = MasterBootRecord(parsing: first)
    let isProtective = master?.entries.contains { $0.type == 0xEE } ?? false
    if let table = GUIDPartitionTable.read(source, isExpected: isProtective) { return table }
    guard let master, !isProtective else { return nil }
    return master.table(in: source)
  }

  /// Whether a FAT, exFAT or NTFS boot sector stands here, whose code must not be taken for a table.
  static func isVolume(_ sector: [UInt8]) -> Bool {
    guard sector.holds([0x55, 0xAA], at: 0x1FE) else { return false }
    if sector.holds(Array("NTFS    ".utf8), at: 3) || sector.holds(Array("EXFAT   ".utf8), at: 3) {
      return true
    }
    guard let sectorSize = try? sector.little(UInt16.self, at: 0x0B),
      let cluster = try? sector.little(UInt8.self, at: 0x0D),
      let reserved = try? sector.little(UInt16.self, at: 0x0E),
      let tables = try? sector.little(UInt8.self, at: 0x10),
      let media = try? sector.little(UInt8.self, at: 0x15)
    else { return false }
    return [512, 1024, 2048, 4096].contains(sectorSize) && cluster.nonzeroBitCount == 1
      && reserved > 0 && (1...4).contains(tables) && (media == 0xF0 || media >= 0xF8)
  }
}

/// Gathers partitions that lie inside a source, cutting and remarking those that do not.
struct PartitionList {
  let end: ByteOffset
  private(set) var partitions: [Partition] = []
  var remarks: [String] = []

  init(in source: Source) { end = source.range.upperBound }

  /// Adds `sectors` sectors from `start` on; false where nothing of them lies in the source.
  mutating func add(
    number: Int, start: UInt64, sectors: UInt64, sectorSize: UInt64, typeName: String,
    name: String = ""
  ) {
    guard let from = try? ByteCount(start) * sectorSize,
      let count = try? ByteCount(sectors) * sectorSize,
      let range = try? Range(at: ByteOffset(from), count: count), !range.isEmpty
    else { return remarks.append("partition \(number) has impossible bounds") }
    guard range.lowerBound < end else {
      return remarks.append("partition \(number) lies beyond the end of the disk")
    }
    if range.upperBound > end {
      remarks.append("partition \(number) reaches beyond the end of the disk and is cut")
    }
    let inside = range.lowerBound..<min(range.upperBound, end)
    if let other = partitions.first(where: { $0.range.overlaps(inside) }) {
      remarks.append("partitions \(other.number) and \(number) overlap")
    }
    partitions.append(Partition(number: number, range: inside, typeName: typeName, name: name))
  }
}
