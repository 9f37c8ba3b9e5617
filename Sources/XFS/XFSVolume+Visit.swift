// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension XFSVolume {
  package func visit(
    number: UInt16, landmarks: [Landmark], _ body: (Finding) throws -> Void
  ) throws {
    let history = History(of: self)
    var tree = LiveTree(self)
    var owned: [Occupancy.Part] = []
    var met: Set<UInt64> = []
    var clones: [(content: [Extent], times: Times)] = []
    if isInForce {
      try tree.walk { path, name, inodeNumber, inode in
        var finding = present(name, inode, inodeNumber, in: path, volume: number)
        let life = InodeLife(number: inodeNumber, generation: inode.generation)
        if !history.endsUnmounted, history.isOver(life) {
          finding.origin = .undelete
          finding.evidence = [.deletedEntry, .blockListSurvived] + finding.evidence.dropFirst()
        } else if met.insert(inodeNumber).inserted {
          // What several names lead to is counted once.
          for range in finding.content.mediumRanges { owned.append((range, inodeNumber)) }
          if inode.isClone { clones.append((finding.content, inode.times)) }
        }
        try body(finding)
      }
      for (path, entry, inode) in tree.namesAlone {
        try body(presentNameAlone(entry, inode, in: path, volume: number))
      }
    }
    let space = SpaceInUse(owned: owned, allocation: isInForce ? allocation() : nil)
    let sharing = Clones(clones)
    let survey = Survey(self, landmarks, tree) { offset in
      // In use by this volume, unless it was formatted over and this is where it lay.
      !isInForce || !space.allocated.overlaps(offset..<offset.advancedClamped(by: 256)).isEmpty
    }
    let names = names(tree, survey, history)
    var deleted = DeletedFiles(self, tree, survey, history, names, volume: number)
    deleted.collect()
    deleted.compareClaims()
    for entry in deleted.findings {
      var finding = entry.finding
      let shared = sharing.shared(
        with: finding.content, deleted: entry.end, isClone: entry.isClone)
      let own =
        shared.isEmpty
        ? finding.content
        : RangeSet(unsorted: finding.content.mediumRanges).subtracting(shared).ranges.map(
          Extent.init)
      finding.evidence += space.evidence(on: own, asksMap: !entry.isOwner, name: tree.path)
      try body(finding)
    }
  }

  /// A file that is present, of which the medium gave nothing but the name.
  private func presentNameAlone(
    _ entry: DirectoryEntry, _ inode: UInt64, in path: [RawName], volume: UInt16
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
      evidence: [.listedAsLive, .blockListIncomplete(0)], key: inode)
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
}
