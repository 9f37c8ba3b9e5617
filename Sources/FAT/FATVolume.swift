// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// A FAT12, FAT16 or FAT32 file system.
package struct FATVolume: Volume {
  let source: Source
  let boot: BootSector
  /// Whether another volume is in force at its place, so that nothing it lists is present.
  let isFormer: Bool
  /// The character set of short names, as the root directory tells it.
  let page: CodePage
  package let label: String
  package let remarks: [String]

  package var kind: String { "FAT\(boot.kind.rawValue)" }
  package var clusterSize: ByteCount { ByteCount(boot.clusterSize) }

  /// Opens the volume that fills `source`, by its boot sector or, on FAT32, the copy in sector 6.
  /// Nil where there is none; throws `ReadError` where that cannot be told.
  package static func open(_ source: Source) throws -> FATVolume? {
    try open(source, isFormer: false)
  }

  static func open(_ source: Source, isFormer: Bool) throws -> FATVolume? {
    var failure: (any Error)?
    for (sector, isBackup) in [(0, false), (6 * 512, true), (6 * 4096, true)] as [(UInt64, Bool)] {
      do {
        let bytes = try source.readPrefix(at: ByteOffset(sector), count: 512)
        guard let boot = try? BootSector(parsing: bytes) else { continue }
        if isBackup, boot.kind != .fat32 || boot.sectorSize &* 6 != sector { continue }
        return FATVolume(
          source, boot, isFormer: isFormer,
          remark: isBackup ? "the boot sector is damaged: its backup was read" : nil)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return nil
  }

  init(_ source: Source, _ boot: BootSector, isFormer: Bool, remark: String?) {
    self.source = source
    self.boot = boot
    self.isFormer = isFormer
    var remarks = remark.map { [$0] } ?? []
    if source.length < ByteCount(boot.offset(of: boot.clusterEnd)) {
      remarks.append("the volume reaches beyond the end of the source")
    }
    var table = AllocationTable(source, boot, isFormer: isFormer)
    var label = ""
    var parser = DirectoryParser(isLarge: boot.kind == .fat32)
    var cluster = boot.rootCluster
    for _ in 0..<16 where !parser.hasEnded {
      let isFixed = boot.kind != .fat32
      guard isFixed || boot.contains(cluster) else { break }
      let start = isFixed ? boot.rootStart : boot.offset(of: cluster)
      let length = isFixed ? boot.rootLength : boot.clusterSize
      guard let bytes = try? source.read(at: ByteOffset(start), count: ByteCount(length)) else {
        break
      }
      parser.parse(bytes, at: start)
      label =
        parser.entries.first { $0.isLabel && !$0.isDeleted }?.name.text
        .split(separator: ".").joined() ?? ""
      guard !isFixed, case .next(let next) = table.entry(of: cluster) else { break }
      cluster = next
    }
    self.label = label
    page = parser.votes.best
    self.remarks = remarks
  }

  package func allocation() -> Allocation {
    let map = ClusterMap(source, boot, isFormer: isFormer)
    var sets: [[Range<ByteOffset>]] = [[], [], []]
    func add(_ from: UInt64, _ to: UInt64, _ set: Int) {
      let end = min(to, source.length.rawValue)
      guard from < end,
        let extents = try? source.onMedium(ByteOffset(from)..<ByteOffset(end))
      else { return }
      sets[set] += extents.mediumRanges
    }
    guard !boot.tables.isEmpty else {
      add(0, source.length.rawValue, 2)
      return Allocation(
        allocated: RangeSet(), unallocated: RangeSet(), unknown: RangeSet(unsorted: sets[2]))
    }
    add(0, boot.dataStart, 0)
    var cluster: UInt32 = 2
    while cluster < boot.clusterEnd {
      let isTaken = map.taken.contains(cluster)
      var end = map.taken.first(from: cluster, below: boot.clusterEnd, member: !isTaken)
      var set = isTaken ? 0 : 1
      if isTaken {
        let isUnknown = map.unknown.contains(cluster)
        end = map.unknown.first(from: cluster, below: end, member: !isUnknown)
        set = isUnknown ? 2 : 0
      }
      add(boot.offset(of: cluster), boot.offset(of: end), set)
      cluster = end
    }
    // Sectors behind the last whole cluster belong to nobody.
    add(boot.offset(of: boot.clusterEnd), source.length.rawValue, 1)
    return Allocation(
      allocated: RangeSet(unsorted: sets[0]), unallocated: RangeSet(unsorted: sets[1]),
      unknown: RangeSet(unsorted: sets[2]))
  }

  package func visit(
    number: UInt16, landmarks: [Landmark], _ body: (Finding) throws -> Void
  ) throws {
    var walk = Walk(self, number: number)
    try walk.run(landmarks: landmarks, body)
  }
}
