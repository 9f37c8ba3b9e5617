// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A boot record with four partition entries: the first sector of a disk, or of a logical partition
/// in the chain of an extended one.
///
/// | Offset | Size | Field         | Unit                         |
/// |-------:|-----:|---------------|------------------------------|
/// |  0x1BE |   64 | four entries  |                              |
/// |  0x1FE |    2 | signature     | 55 AA                        |
///
/// Each entry:
///
/// | Offset | Size | Field         | Unit                         |
/// |-------:|-----:|---------------|------------------------------|
/// |   0x00 |    1 | status        | 0x80 active, 0x00 not        |
/// |   0x04 |    1 | type          |                              |
/// |   0x08 |    4 | start         | sectors                      |
/// |   0x0C |    4 | length        | sectors                      |
///
/// - Source: UEFI Specification 2.10, §5.2.1 "Legacy Master Boot Record"; for extended partitions,
///   Carrier, *File System Forensic Analysis*, ch. 5, "DOS Partitions".
struct MasterBootRecord {
  struct Entry: Equatable {
    let type: UInt8
    let start: UInt32
    let count: UInt32
    var isUsed: Bool { type != 0 && count > 0 }
    var isExtended: Bool { [0x05, 0x0F, 0x85].contains(type) }
  }

  /// All four, used or not.
  let entries: [Entry]

  /// Nil unless the signature holds and each entry is one that a partitioning tool writes.
  init?(parsing sector: [UInt8], isLogical: Bool = false) {
    guard sector.holds([0x55, 0xAA], at: 0x1FE) else { return nil }
    var entries: [Entry] = []
    for offset in stride(from: 0x1BE, to: 0x1FE, by: 16) {
      guard let status = try? sector.little(UInt8.self, at: offset), status & 0x7F == 0,
        let type = try? sector.little(UInt8.self, at: offset + 4),
        let start = try? sector.little(UInt32.self, at: offset + 8),
        let count = try? sector.little(UInt32.self, at: offset + 12)
      else { return nil }
      let entry = Entry(type: type, start: start, count: count)
      if entry.isUsed, start == 0 { return nil }
      entries.append(entry)
    }
    guard isLogical || entries.contains(where: \.isUsed) else { return nil }
    self.entries = entries
  }

  /// The partitions, logical ones included.
  func table(in source: Source) -> PartitionTable? {
    let sectorSize = self.sectorSize(in: source)
    var list = PartitionList(in: source)
    for (index, entry) in entries.enumerated() where entry.isUsed && !entry.isExtended {
      list.add(
        number: index + 1, start: UInt64(entry.start), sectors: UInt64(entry.count),
        sectorSize: sectorSize, typeName: PartitionType.name(of: entry.type))
    }
    for entry in entries where entry.isUsed && entry.isExtended {
      addLogical(of: entry, sectorSize: sectorSize, in: source, to: &list)
    }
    guard !list.partitions.isEmpty else { return nil }
    return PartitionTable(scheme: "MBR", partitions: list.partitions, remarks: list.remarks)
  }

  /// Follows the chain of an extended partition: each link names one logical partition, and the
  /// next link further on. Writers place links in ascending order, and so we need remember only the last.
  private func addLogical(
    of extended: Entry, sectorSize: UInt64, in source: Source, to list: inout PartitionList
  ) {
    var link = UInt64(extended.start)
    let base = link
    for _ in 0..<Self.logicalLimit {
      guard let bytes = try? source.read(at: ByteOffset(link &* sectorSize), count: 512),
        let record = MasterBootRecord(parsing: bytes, isLogical: true)
      else {
        return list.remarks.append("the chain of logical partitions breaks at sector \(link)")
      }
      if let entry = record.entries.first(where: { $0.isUsed && !$0.isExtended }) {
        list.add(
          number: 5 + list.partitions.count { $0.number > 4 },
          start: link &+ UInt64(entry.start), sectors: UInt64(entry.count),
          sectorSize: sectorSize, typeName: PartitionType.name(of: entry.type))
      }
      guard let next = record.entries.first(where: { $0.isUsed && $0.isExtended }) else { return }
      guard base &+ UInt64(next.start) > link else {
        return list.remarks.append("the chain of logical partitions turns back on itself")
      }
      link = base &+ UInt64(next.start)
    }
    list.remarks.append("more than \(Self.logicalLimit) logical partitions: the rest is left out")
  }

  /// 512, unless boot signatures are found only where sectors of 4096 bytes would put them.
  private func sectorSize(in source: Source) -> UInt64 {
    func signs(_ size: UInt64) -> Int {
      entries.count { entry in
        let start = ByteOffset(UInt64(entry.start) &* size &+ 0x1FE)
        return entry.isUsed && (try? source.little(UInt16.self, at: start)) == 0xAA55
      }
    }
    return signs(512) == 0 && signs(4096) > 0 ? 4096 : 512
  }

  private static let logicalLimit = 256
}
