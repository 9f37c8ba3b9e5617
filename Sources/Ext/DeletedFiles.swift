// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// The lives of inodes that have ended, as findings: the newest sound state of each, with the name it
/// had then.
struct DeletedFiles {
  private let volume: ExtVolume
  private let history: History
  private let names: NameTable
  private let number: UInt16
  /// The volume is no longer in force: its tables are all that is past, and nothing of it is present.
  private let isFormer: Bool

  private(set) var findings: [Finding] = []
  /// The transaction that each finding's state is of.
  private var moments: [UInt32] = []
  /// Inode numbers that a finding describes.
  private var described: Set<UInt32> = []

  init(
    _ volume: ExtVolume, _ history: History, _ names: NameTable, volume number: UInt16,
    isFormer: Bool = false
  ) {
    self.volume = volume
    self.history = history
    self.names = names
    self.number = number
    self.isFormer = isFormer
  }

  /// Goes through all lives that the journal remembers.
  mutating func collect(_ tree: LiveTree) {
    for (life, versions) in history.lives.sorted(by: { $0.key < $1.key })
    where life.number >= volume.superblock.firstInode {
      if !isFormer, let present = volume.inode(life.number),
        present.generation == life.generation, present.isInUse
      {
        continue
      }
      guard let (version, content) = best(of: versions, life) else { continue }
      add(version, content, life, of: tree)
    }
  }

  /// The newest state in which the file was whole; else the newest in which it existed.
  private func best(
    of versions: [History.Version], _ life: InodeLife
  ) -> (History.Version, content: [Extent])? {
    var fallback: (History.Version, content: [Extent])?
    // A state behind the deletion may still have the map, while it was being taken apart.
    for version in versions.filter(\.inode.isInUse) + versions.filter({ !$0.inode.isInUse }) {
      let inode = version.inode
      guard inode.kind != .none, inode.isInUse || inode.size > 0 else { continue }
      let content = volume.contents(of: inode) { runs(of: version, life) }
      let isLost = content.contains { $0.place == .lost }
      if !isLost, inode.isInUse || content.contains(where: { $0.range != nil }) {
        return (version, content)
      }
      if fallback == nil, inode.isInUse { fallback = (version, content) }
    }
    return fallback
  }

  private func runs(of version: History.Version, _ life: InodeLife) -> [BlockRun]? {
    let seed =
      version.inode.usesExtents ? volume.seal(life.number, life.generation) : nil
    return BlockMap(layout: volume.layout) {
      history.versions(of: $0, at: version.transaction, seed: seed)
    }.runs(of: version.inode)
  }

  private mutating func add(
    _ version: History.Version, _ content: [Extent], _ life: InodeLife, of tree: LiveTree
  ) {
    let inode = version.inode
    let moment = UInt64(version.transaction)
    let known = names.candidates(for: life.number, type: inode.entryType, at: moment).filter {
      ($0.name.entry.type == inode.entryType || $0.name.entry.type == 0)
        // A name that came later and is still there is the next life's.
        && !($0.seen.first > moment && $0.seen.last == NameTable.now)
    }
    described.insert(life.number)
    var evidence: [Evidence] = [
      isFormer ? .blockListSurvived : .journalCopy(transaction: version.transaction)
    ]
    if let seal = volume.seal(life.number, life.generation), inode.checksumHolds(seal) {
      evidence.append(.metadataChecksumHolds("inode"))
    }
    if inode.isEncrypted, inode.kind == .file { evidence.append(.notHandled("encryption")) }
    let count = inode.kind == .folder ? 1 : max(1, Int(inode.links))
    let chosen = known.prefix(count).filter { $0.name == known[0].name || $0.seen.first <= moment }
    for candidate in chosen.map(Optional.some) + (chosen.isEmpty ? [nil] : []) {
      var finding = Finding(
        volume: number, origin: isFormer ? .undelete : .journal, kind: inode.findingKind,
        size: inode.kind == .folder ? 0 : inode.size, times: inode.times, content: content,
        evidence: evidence, key: UInt64(life.number) << 32 | UInt64(life.generation))
      if let candidate {
        name(&finding, candidate, at: moment)
      } else {
        finding.folder = [RawName("#inodes")]
        finding.name = RawName("#\(life.number)-\(life.generation)")
        finding.evidence.append(.parentUnknown)
      }
      findings.append(finding)
      moments.append(version.transaction)
    }
  }

  private func name(
    _ finding: inout Finding, _ candidate: (name: NameTable.Name, seen: NameTable.Sighting),
    at moment: UInt64
  ) {
    let (folder, isWhole) = names.path(to: candidate.name.parent, at: moment)
    finding.folder = folder
    finding.name = candidate.name.entry.name
    finding.type = candidate.name.entry.name.pathExtension
    switch candidate.seen.origin {
    case .journal:
      finding.evidence.append(
        .nameFromJournal(transaction: UInt32(truncatingIfNeeded: candidate.seen.first)))
    case .freedBlock: finding.evidence.append(.nameFromFreedDirectory)
    case .disk: break
    }
    if !isWhole { finding.evidence.append(.parentUnknown) }
  }

  /// Takes up a file of which an empty inode and a block list tell, unless its inode is known better.
  mutating func add(_ life: InodeLife, created: Timestamp?, content: [Extent]) {
    guard described.insert(life.number).inserted else { return }
    var finding = Finding(
      volume: number, origin: .undelete, size: content.length, times: Times(created: created),
      content: content,
      evidence: [.blockListSurvived, .metadataChecksumHolds("extent tree"), .sizeGuessed],
      key: UInt64(life.number) << 32 | UInt64(life.generation))
    var place: ByteOffset = 0
    for extent in content {
      if extent.place == .lost {
        finding.evidence.append(.brokenAt(place, problem: "a part of the block list is lost"))
        break
      }
      place = place.advancedClamped(by: extent.count)
    }
    let known = names.candidates(for: life.number, type: 1, at: 0).first {
      $0.name.entry.type <= 1 && $0.seen.last != NameTable.now
    }
    if let known {
      name(&finding, known, at: 0)
    } else {
      finding.folder = [RawName("#inodes")]
      finding.name = RawName("#\(life.number)-\(life.generation)")
      finding.evidence.append(.parentUnknown)
    }
    findings.append(finding)
    moments.append(0)
  }

  /// What the files occupy that have been found.
  var occupied: Occupancy {
    Occupancy(findings.flatMap { $0.content.mediumRanges.map { ($0, Occupancy.nobody) } })
  }

  /// Takes up files that no state of an inode tells of: older than all of them.
  mutating func add(rebuilt files: [Finding]) {
    findings += files
    moments += files.map { _ in 0 }
  }

  /// Finds out which bytes two deleted files both claim: the later one wrote them.
  mutating func compareClaims() {
    var claims = RivalClaims<Int>()
    for (index, finding) in findings.enumerated() {
      claims.add(finding.content.mediumRanges, of: index)
    }
    let losses = claims.losses(
      areRivals: { findings[$0].key != findings[$1].key },
      isLater: { (moments[$0], $0) > (moments[$1], $1) })
    for (loser, rivals) in losses {
      for (winner, count) in rivals {
        let name = findings[winner].name?.text ?? ""
        findings[loser].evidence.append(.claimedByDeleted(count, by: name))
      }
    }
  }

  /// Files of which nothing but the name is left.
  func namesAlone(_ tree: LiveTree) -> [Finding] {
    var result: [Finding] = []
    for (inode, candidates) in names.names.sorted(by: { $0.key < $1.key })
    where !described.contains(inode) && tree.owners[inode] == nil && inode >= 11 {
      if !isFormer, let present = volume.inode(inode), present.isInUse { continue }
      for candidate in candidates
      where candidate.name.entry.type <= 1 && candidate.seen.last != NameTable.now {
        var finding = Finding(
          volume: number, origin: .undelete, size: 0, content: [Extent(.lost, count: 0)],
          evidence: [.deletedEntry], key: UInt64(inode) << 32)
        name(&finding, candidate, at: candidate.seen.last)
        result.append(finding)
      }
    }
    return result
  }
}
