// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension ExtVolume {
  package func visit(
    number: UInt16, landmarks: [Landmark], _ body: (Finding) throws -> Void
  ) throws {
    var tree = LiveTree(self)
    var owned: [(range: Range<ByteOffset>, owner: UInt32)] = []
    try tree.walk { path, entry, inode in
      let finding = present(entry, inode, in: path, volume: number)
      if inode.kind == .file || inode.kind == .folder {
        for range in finding.content.mediumRanges { owned.append((range, entry.inode)) }
      }
      try body(finding)
    }
    let history = History(of: self)
    let allocation = allocation()
    let graves = hasFreed(landmarks, allocation.allocated) ? Graves(of: self) : Graves()
    let names = names(
      tree, history, landmarks: landmarks, allocated: allocation.allocated, graves: graves)
    var deleted = DeletedFiles(self, history, names, volume: number)
    let allocated = Occupancy(allocation.allocated.ranges.map { ($0, 0) })
    deleted.collect(tree)
    for file in leafFiles(landmarks, allocated: allocation.allocated, graves: graves) {
      deleted.add(file.life, created: file.created, content: file.content)
    }
    deleted.add(
      rebuilt: rebuiltFiles(volume: number, allocated: allocated, known: deleted.occupied))
    deleted.compareClaims()
    let occupied = Occupancy(owned)
    let unknown = Occupancy(allocation.unknown.ranges.map { ($0, 0) })
    for var finding in deleted.findings {
      finding.evidence += overwritten(finding.content, occupied, allocated, tree)
      let unsure = finding.content.mediumRanges.reduce(ByteCount(0)) { sum, range in
        unknown.overlaps(range).reduce(sum) { $0.addingClamped($1.range.length) }
      }
      if unsure > 0 { finding.evidence.append(.allocationUnknown(unsure)) }
      try body(finding)
    }
    for finding in deleted.namesAlone(tree) { try body(finding) }
  }

  /// Whether the pass met structures in free space that a deleted inode's seal would explain.
  private func hasFreed(_ landmarks: [Landmark], _ allocated: RangeSet<ByteOffset>) -> Bool {
    landmarks.contains {
      ($0.kind == .extExtentNode || $0.kind == .extDirectoryTail)
        && !allocated.contains($0.offset)
    }
  }

  private func present(
    _ entry: DirectoryEntry, _ inode: Inode, in path: [RawName], volume: UInt16
  ) -> Finding {
    var evidence: [Evidence] = [.listedAsLive]
    if let seal = seal(entry.inode, inode.generation), inode.checksumHolds(seal) {
      evidence.append(.metadataChecksumHolds("inode"))
    }
    let contents = contents(of: inode) { liveRuns(of: inode) }
    if inode.isEncrypted, inode.kind == .file { evidence.append(.notHandled("encryption")) }
    return Finding(
      volume: volume, origin: .live, kind: inode.findingKind, folder: path, name: entry.name,
      type: entry.name.pathExtension, size: contents.length, times: inode.times,
      content: contents, evidence: evidence,
      key: UInt64(entry.inode) << 32 | UInt64(inode.generation))
  }

  /// Where the bytes of an inode are, on the medium; lost where its map is broken.
  func contents(of inode: Inode, _ runs: () -> [BlockRun]?) -> [Extent] {
    switch inode.kind {
    case .folder, .other, .none: return []
    case .symbolicLink where inode.size < 60 && !inode.usesExtents:
      return [Extent(bytes: Array(inode.map.prefix(Int(clamping: inode.size.rawValue))))]
    case .symbolicLink, .file:
      if inode.hasInlineData { return [Extent(bytes: inode.inlineContent)] }
      guard inode.size > 0 else { return [] }
      guard let runs = runs() else { return [Extent(.lost, count: inode.size)] }
      return extents(runs, size: inode.size)
    }
  }

  /// Where the blocks of a file of this size lie on the medium.
  func extents(_ runs: [BlockRun], size: ByteCount) -> [Extent] {
    var extents: [Extent] = []
    var position: UInt64 = 0
    for run in runs {
      let (start, overflow) = run.logical.multipliedReportingOverflow(by: layout.blockSize)
      guard !overflow, start < size.rawValue else { break }
      if start > position { extents.append(Extent(.hole, count: ByteCount(start - position))) }
      let count = min(run.count * layout.blockSize, size.rawValue - start)
      if run.isUnwritten {
        extents.append(Extent(.hole, count: ByteCount(count)))
      } else {
        let from = ByteOffset(run.physical * layout.blockSize)
        let end = from.advancedClamped(by: ByteCount(count))
        let there = (from..<end).clamped(to: unpatched.range)
        extents += (try? unpatched.onMedium(there)) ?? []
        let missing = ByteCount(count).subtractingClamped(there.length)
        if missing > 0 { extents.append(Extent(.lost, count: missing)) }
      }
      position = start + count
    }
    if position < size.rawValue {
      extents.append(Extent(.hole, count: ByteCount(size.rawValue - position)))
    }
    return extents.coalesced
  }

  /// What of a deleted file's bytes belongs to somebody else now, and to whom.
  private func overwritten(
    _ content: [Extent], _ live: Occupancy, _ allocated: Occupancy, _ tree: LiveTree
  ) -> [Evidence] {
    var byOwner: [UInt32: ByteCount] = [:]
    for range in content.mediumRanges {
      var taken = allocated.overlaps(range).reduce(ByteCount(0)) {
        $0.addingClamped($1.range.length)
      }
      for part in live.overlaps(range) {
        byOwner[part.owner, default: 0] =
          byOwner[part.owner, default: 0].addingClamped(part.range.length)
        taken = taken.subtractingClamped(part.range.length)
      }
      if taken > 0 { byOwner[0, default: 0] = byOwner[0, default: 0].addingClamped(taken) }
    }
    return byOwner.sorted { $0.key < $1.key }
      .map { .overwritten($0.value, by: $0.key == 0 ? "" : tree.path(of: $0.key)) }
  }
}

extension Inode {
  /// The kind of a finding that describes it.
  var findingKind: Finding.Kind {
    switch kind {
    case .file: .file
    case .folder: .folder
    case .symbolicLink: .symbolicLink
    case .other, .none: .other
    }
  }
}
