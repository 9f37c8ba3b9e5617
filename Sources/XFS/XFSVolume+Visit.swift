// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension XFSVolume {
  package func visit(
    number: UInt16, landmarks: [Landmark], _ body: (Finding) throws -> Void
  ) throws {
    var tree = LiveTree(self)
    var owned: [(range: Range<ByteOffset>, owner: UInt64)] = []
    if isInForce {
      try tree.walk { path, name, inodeNumber, inode in
        let finding = present(name, inode, inodeNumber, in: path, volume: number)
        for range in finding.content.mediumRanges { owned.append((range, inodeNumber)) }
        try body(finding)
      }
    }
    let allocation =
      isInForce
      ? allocation()
      : Allocation(allocated: RangeSet(), unallocated: RangeSet(), unknown: RangeSet())
    let inUse = Occupancy(allocation.allocated.ranges.map { ($0, 0) })
    let survey = Survey(self, landmarks, tree) { offset in
      // In use by this volume, unless it was formatted over and this is where it lay.
      !isInForce || !inUse.overlaps(offset..<offset.advancedClamped(by: 256)).isEmpty
    }
    let history = History(of: self)
    let names = names(tree, survey, history)
    var deleted = DeletedFiles(self, tree, survey, history, names, volume: number)
    deleted.collect()
    deleted.compareClaims()
    let occupied = Occupancy(owned)
    let unknown = Occupancy(allocation.unknown.ranges.map { ($0, 0) })
    for (var finding, isOwner) in deleted.findings {
      finding.evidence += overwritten(finding.content, occupied, isOwner ? nil : inUse, tree)
      let unsure =
        isOwner
        ? 0
        : finding.content.mediumRanges.reduce(ByteCount(0)) { sum, range in
          unknown.overlaps(range).reduce(sum) { $0.addingClamped($1.range.length) }
        }
      if unsure > 0 { finding.evidence.append(.allocationUnknown(unsure)) }
      try body(finding)
    }
  }

  private func present(
    _ name: RawName, _ inode: Inode, _ inodeNumber: UInt64, in path: [RawName], volume: UInt16
  ) -> Finding {
    var evidence: [Evidence] = [.listedAsLive]
    if checksumHolds(ofInode: inodeNumber) { evidence.append(.metadataChecksumHolds("inode")) }
    if inode.isRealtime { evidence.append(.notHandled("realtime device")) }
    let contents = contents(of: inode, inodeNumber)
    return Finding(
      volume: volume, origin: .live, kind: inode.findingKind, folder: path, name: name,
      type: name.pathExtension, size: contents.length, times: inode.times, content: contents,
      evidence: evidence, key: inodeNumber)
  }

  /// Whether the checksum of an inode's place is there and holds.
  func checksumHolds(ofInode number: UInt64) -> Bool {
    guard superblock.hasChecksums, let range = geometry.range(ofInode: number),
      let bytes = try? source.read(at: range.lowerBound, count: range.length)
    else { return false }
    return Checksum.holds(bytes, at: 0x64)
  }

  /// What of a deleted file's bytes belongs to somebody else now, and to whom.
  private func overwritten(
    _ content: [Extent], _ live: Occupancy, _ allocated: Occupancy?, _ tree: LiveTree
  ) -> [Evidence] {
    var byOwner: [UInt64: ByteCount] = [:]
    for range in content.mediumRanges {
      var taken = (allocated?.overlaps(range) ?? []).reduce(ByteCount(0)) {
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
