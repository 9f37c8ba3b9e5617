// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension ExtVolume {
  package func visit(
    number: UInt16, landmarks: [Landmark], _ body: (Finding) throws -> Void
  ) throws {
    var tree = LiveTree(self)
    var owned: [Occupancy.Part] = []
    try tree.walk { path, entry, inode in
      let finding = present(entry, inode, in: path, volume: number)
      if inode.kind == .file || inode.kind == .folder {
        for range in finding.content.mediumRanges { owned.append((range, UInt64(entry.inode))) }
      }
      try body(finding)
    }
    for (path, entry) in tree.namesAlone {
      try body(presentNameAlone(entry, in: path, volume: number))
    }
    let history = History(of: self)
    let allocation = allocation()
    let graves = hasFreed(landmarks, allocation.allocated) ? Graves(of: self) : Graves()
    let names = names(
      tree, history, landmarks: landmarks, allocated: allocation.allocated, graves: graves)
    var deleted = DeletedFiles(self, history, names, volume: number)
    let space = SpaceInUse(owned: owned, allocation: allocation)
    deleted.collect(tree)
    for file in leafFiles(landmarks, allocated: allocation.allocated, graves: graves) {
      deleted.add(file.life, created: file.created, content: file.content)
    }
    deleted.add(
      rebuilt: rebuiltFiles(volume: number, allocated: space.allocated, known: deleted.occupied))
    deleted.compareClaims()
    for var finding in deleted.findings {
      finding.evidence += space.evidence(on: finding.content) {
        tree.path(of: UInt32(truncatingIfNeeded: $0))
      }
      try body(finding)
    }
    for finding in deleted.namesAlone(tree) { try body(finding) }
  }

  package func visitPresent(number: UInt16, _ body: (Finding) throws -> Void) throws {
    var tree = LiveTree(self)
    try tree.walk { path, entry, inode in try body(present(entry, inode, in: path, volume: number))
    }
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

  /// A file that is present, of which the medium gave nothing but the name.
  private func presentNameAlone(
    _ entry: DirectoryEntry, in path: [RawName], volume: UInt16
  ) -> Finding {
    let kind: Finding.Kind =
      switch entry.type {
      case 0, 1: .file
      case 2: .folder
      case 7: .symbolicLink
      default: .other
      }
    return Finding(
      volume: volume, origin: .live, kind: kind, folder: path, name: entry.name,
      type: entry.name.pathExtension, size: 0, content: [Extent(.lost, count: 0)],
      evidence: [.listedAsLive, .blockListIncomplete(0)], key: UInt64(entry.inode) << 32)
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
