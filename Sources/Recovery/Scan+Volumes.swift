// SPDX-License-Identifier: Apache-2.0

import Bytes
import Carving
import Case
import Dispatch
import Findings
import Synchronization
import Volumes

extension Scan {
  /// Findings checked and recorded together, or fewer of such a weight.
  private static let batch = 2048
  private static let heaviest = 0x2_0000

  /// Visits the files of every volume, live and deleted, and lets the content of the deleted ones
  /// speak. A visit that an earlier run had begun is done again from its start.
  func visitVolumes(_ probe: Probe) throws {
    try record.deleteFindings()
    let defects = try record.defects()
    var records: [VolumeRecord] = []
    for slice in probe.slices {
      guard let volume = slice.volume else { continue }
      try observer.check()
      let allocation = slice.isOverlaid ? try allocationOverlying(slice) : volume.allocation()
      records.append(slice.record(of: volume, isAllocationSound: allocation.isSound))
      try record.set(volumes: records)
      if !slice.isOverlaid {
        try record.set(.allocated, volume: slice.number, to: allocation.allocated)
        try record.set(.unallocated, volume: slice.number, to: allocation.unallocated)
        try record.set(.unknown, volume: slice.number, to: allocation.unknown)
      }
      guard settings.undeletes else { continue }
      let check = ContentCheck(
        medium: medium,
        space: CarvingSpace(
          on: medium, space: allocation.unallocated.union(allocation.unknown), defects: defects),
        defects: defects, clusterSize: volume.clusterSize)
      let overlying = slice.isOverlaid ? allocation.allocated : RangeSet()
      var pending: [Finding] = []
      var files = 0
      var weight = 0
      try volume.visit(number: slice.number, landmarks: try landmarks(in: slice.range)) { finding in
        pending.append(finding.overwritten(where: overlying))
        files += 1
        weight += finding.weight
        guard pending.count >= Self.batch || weight >= Self.heaviest else { return }
        weight = 0
        try observer.check()
        try record.add(checked(pending, by: check))
        pending.removeAll(keepingCapacity: true)
        observer.observe(
          JobProgress(
            phase: .volumes, done: ByteCount(slice.range.lowerBound.rawValue),
            total: source.length, defects: defects.length, files: files))
      }
      try record.add(checked(pending, by: check))
    }
  }

  /// What the volumes in force say of a place where one lay that no longer is.
  private func allocationOverlying(_ slice: Slice) throws -> Allocation {
    let place = RangeSet(slice.range)
    let allocated = try record.ranges(.allocated).intersection(place)
    let unknown = try record.ranges(.unknown).intersection(place)
    return Allocation(
      allocated: allocated, unallocated: place.subtracting(allocated).subtracting(unknown),
      unknown: unknown)
  }

  /// What the pass met in a part of the medium, sorted by offset.
  func landmarks(in range: Range<ByteOffset>) throws -> [Landmark] {
    var result: [Landmark] = []
    var position = range.lowerBound
    while position < range.upperBound {
      let marks = try record.marks(
        from: position, limit: 100_000, kinds: MarkTable.firstLandmark...UInt16.max)
      for mark in marks where mark.offset < range.upperBound {
        if let landmark = MarkTable.landmark(mark) { result.append(landmark) }
      }
      guard marks.count == 100_000, let last = marks.last else { break }
      position = last.offset.advancedClamped(by: 1)
    }
    return result
  }

  /// Checks contents in parallel; the order stays.
  private func checked(_ findings: [Finding], by check: ContentCheck) -> [Finding] {
    let results = Mutex(findings)
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: settings.workers) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < findings.count else { return }
        let finding = check.checked(findings[index])
        results.withLock { $0[index] = finding }
      }
    }
    return results.withLock { $0 }
  }
}

extension Finding {
  /// What it takes in memory, in units of about 128 bytes.
  fileprivate var weight: Int {
    content.reduce(0) { sum, extent in
      if case .bytes(let bytes) = extent.place { sum + 1 + bytes.count / 128 } else { sum + 1 }
    }
  }

  /// The finding with the bytes that a volume in force uses today told as overwritten.
  fileprivate func overwritten(where allocated: RangeSet<ByteOffset>) -> Self {
    // What a file system's own checksums hold for is still there, whoever was given its place.
    let isProven = evidence.contains { if case .checksumsHold = $0 { true } else { false } }
    guard !allocated.isEmpty, !content.isEmpty, !isProven else { return self }
    let taken = RangeSet(unsorted: content.mediumRanges).intersection(allocated).length
    guard taken > 0 else { return self }
    var result = self
    result.evidence.append(.overwritten(taken, by: ""))
    return result
  }
}

extension Slice {
  /// What the case keeps of the volume in this slice.
  fileprivate func record(of volume: any Volume, isAllocationSound: Bool) -> VolumeRecord {
    VolumeRecord(
      number: number, folder: folder, kind: volume.kind, label: volume.label,
      start: range.lowerBound, length: range.length, clusterSize: volume.clusterSize,
      isAllocationSound: isAllocationSound, remarks: remarks,
      isInForce: support == nil)
  }
}
