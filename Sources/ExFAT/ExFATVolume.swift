// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// An exFAT file system.
package struct ExFATVolume: Volume {
  let source: Source
  let boot: BootSector
  let upcase: UpcaseTable?
  /// Where the allocation bitmap lies; nil where the root does not tell.
  let bitmap: [ClusterRun]?
  /// One behind the last cluster that the source holds.
  let clusterEnd: UInt32
  package let label: String
  package let remarks: [String]

  package var kind: String { "exFAT" }
  package var clusterSize: ByteCount { ByteCount(boot.clusterSize) }

  /// Opens the volume that fills `source`, by its boot region or the backup behind it. Nil where
  /// there is none; throws `ReadError` where that cannot be told.
  package static func open(_ source: Source) throws -> ExFATVolume? {
    try BootRegion.inForce(in: source).map { ExFATVolume(source, $0) }
  }

  init(_ source: Source, _ region: BootRegion) {
    let boot = region.boot
    self.source = source
    self.boot = boot
    let room = source.length.rawValue &- min(source.length.rawValue, boot.heapStart)
    clusterEnd = min(boot.clusterEnd, max(2, UInt32(clamping: room / boot.clusterSize &+ 2)))
    var remarks: [String] = []
    if region.isBackup { remarks.append("the boot region is damaged: its backup was read") }
    if !region.checksumHolds { remarks.append("no checksum of a boot region holds") }
    if source.length.rawValue < boot.volumeLength {
      remarks.append("the volume reaches beyond the end of the source")
    }
    var table = ChainTable(source, boot, clusterEnd: clusterEnd)
    var parser = DirectoryParser(upcase: nil)
    // What is sought stands at the start.
    let limit = max(1, min(64, UInt32(clamping: 0x40_0000 / boot.clusterSize)))
    let root = table.chain(from: boot.rootCluster, limit: limit).runs
    for run in root {
      for cluster in run.start..<run.end {
        let count = min(boot.clusterSize, 0x10_0000)
        guard
          let bytes = try? source.read(
            at: ByteOffset(boot.offset(of: cluster)), count: ByteCount(count))
        else { continue }
        parser.parse(bytes, at: boot.offset(of: cluster))
      }
    }
    label = parser.label ?? ""
    upcase = parser.upcaseTable.flatMap { entry in
      guard boot.contains(entry.start), entry.size <= UpcaseTable.longest,
        let bytes = try? source.read(
          at: ByteOffset(boot.offset(of: entry.start)), count: ByteCount(entry.size))
      else { return nil }
      return UpcaseTable(parsing: bytes, checksum: entry.checksum)
    }
    let entry =
      parser.bitmaps.first { $0.isSecond == boot.usesSecond } ?? parser.bitmaps.first
    if let entry, boot.contains(entry.start), entry.size > 0 {
      let count = min(boot.clusters(for: entry.size), boot.clusterEnd &- entry.start)
      let chain = table.chain(from: entry.start, limit: count)
      bitmap = chain.isWhole ? chain.runs : [ClusterRun(start: entry.start, count: count)]
    } else {
      bitmap = nil
      remarks.append("the root directory does not tell where the allocation bitmap lies")
    }
    self.remarks = remarks
  }

  func clusterMap() -> ClusterMap {
    ClusterMap(source, boot, end: clusterEnd, bitmap: bitmap)
  }

  package func allocation() -> Allocation {
    let map = clusterMap()
    var sets: [[Range<ByteOffset>]] = [[], [], []]
    func add(_ from: UInt64, _ to: UInt64, _ set: Int) {
      let end = min(to, source.length.rawValue)
      guard from < end, let extents = try? source.onMedium(ByteOffset(from)..<ByteOffset(end))
      else { return }
      sets[set] += extents.mediumRanges
    }
    add(0, boot.heapStart, 0)
    let all = ClusterRun(start: 2, count: clusterEnd &- 2)
    for part in map.taken.parts(of: all) {
      for inner in part.isMember ? map.unknown.parts(of: part.run) : [(part.run, false)] {
        let set = !part.isMember ? 1 : inner.isMember ? 2 : 0
        add(boot.offset(of: inner.run.start), boot.offset(of: inner.run.end), set)
      }
    }
    // Sectors behind the last whole cluster belong to nobody.
    add(boot.offset(of: clusterEnd), source.length.rawValue, 1)
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
