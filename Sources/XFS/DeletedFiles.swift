// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// Files that no present folder leads to, as findings: what freed inodes still say, what the log
/// remembers, and inodes in use that nobody names.
struct DeletedFiles {
  private let volume: XFSVolume
  private let tree: LiveTree
  private let survey: Survey
  private let history: History
  private let names: NameTable
  private let number: UInt16

  struct Entry {
    var finding: Finding
    /// Whether the allocation map counts its blocks as in use by itself.
    let isOwner: Bool
    /// When it was freed, as far as is known: what is freed later was written later.
    let end: Timestamp?
    /// Whether it is known to have shared blocks with another file.
    let isClone: Bool
  }

  private(set) var findings: [Entry] = []
  private var described: Set<UInt64> = []
  /// Extents of findings so far: a disk that was made to hurt states more than can be kept.
  private var extentCount = 0
  private static let mostExtents = 0x20_0000
  private var paths: [UInt64: (components: [RawName], isWhole: Bool)] = [:]
  private static let mostPaths = 0x1_0000

  init(
    _ volume: XFSVolume, _ tree: LiveTree, _ survey: Survey, _ history: History,
    _ names: NameTable, volume number: UInt16
  ) {
    self.volume = volume
    self.tree = tree
    self.survey = survey
    self.history = history
    self.names = names
    self.number = number
  }

  mutating func collect() {
    var lives: [UInt64: [InodeLife]] = [:]
    for life in history.lives.keys.sorted() { lives[life.number, default: []].append(life) }
    var handled: Set<InodeLife> = []
    for inodeNumber in survey.unreached { addUnreached(inodeNumber) }
    for inodeNumber in survey.freed {
      guard let inode = volume.inode(inodeNumber) else { continue }
      let life = lives[inodeNumber]?.first { $0.generation &+ 1 == inode.generation }
      if let life, let versions = history.lives[life] {
        handled.insert(life)
        addLogged(versions, life, freed: inode)
      } else {
        addFreed(inode, inodeNumber)
      }
    }
    for life in lives.keys.sorted().flatMap({ lives[$0] ?? [] }) where !handled.contains(life) {
      let present = volume.inode(life.number)
      guard let versions = history.lives[life],
        !(present.map { $0.isInUse && $0.generation == life.generation } ?? false)
      else { continue }
      addLogged(versions, life, freed: nil)
    }
    addNamesAlone()
  }

  /// An inode that is in use, but in no present folder: unlinked while it was open, or of a volume that
  /// was formatted over, or its folder is damaged.
  private mutating func addUnreached(_ inodeNumber: UInt64) {
    guard inodeNumber != volume.superblock.rootInode, let inode = volume.inode(inodeNumber),
      inode.kind != .other
    else { return }
    var finding = finding(
      inode.findingKind, volume.contents(of: inode, inodeNumber), inode.times, inodeNumber)
    finding.evidence = [.blockListSurvived] + seal(inodeNumber)
    if inode.isRealtime { finding.evidence.append(.notHandled("realtime device")) }
    add(
      finding, inodeNumber, type: inode.entryType, count: Int(clamping: inode.links), end: nil,
      isOwner: true)
  }

  /// A life whose last state the log remembers.
  ///
  /// - Parameter freed: the inode as it was left behind; nil where another life began.
  private mutating func addLogged(
    _ versions: [History.Version], _ life: InodeLife, freed: Inode?
  ) {
    guard let last = versions.last, last.inode.kind != .other else { return }
    let inode = last.inode
    let contents = loggedContents(versions, life.number, freed: freed)
    var finding = finding(inode.findingKind, contents, inode.times, life.number)
    finding.evidence = [.journalCopy(transaction: UInt32(truncatingIfNeeded: last.moment))]
    if let freed {
      finding.origin = .undelete
      finding.evidence = [.deletedEntry, .blockListSurvived] + finding.evidence + seal(life.number)
      finding.times.changed = freed.times.changed ?? finding.times.changed
    } else if !history.endsUnmounted, !history.isOver(life) {
      // It was not written to its place yet.
      finding.origin = .live
      finding.evidence.insert(.listedAsLive, at: 0)
    } else {
      finding.origin = .journal
      finding.key = life.number &<< 32 | UInt64(life.generation)
    }
    if inode.isRealtime { finding.evidence.append(.notHandled("realtime device")) }
    add(
      finding, life.number, type: inode.entryType, count: Int(clamping: inode.links),
      end: (freed ?? inode).times.changed, isOwner: finding.origin == .live,
      isClone: inode.isClone, in: history.span(of: life))
  }

  private func loggedContents(
    _ versions: [History.Version], _ inodeNumber: UInt64, freed: Inode?
  ) -> [Extent] {
    guard let inode = versions.last?.inode, inode.kind == .file || inode.kind == .symbolicLink,
      inode.size > 0
    else { return [] }
    let map = BlockMap(volume: volume, owner: inodeNumber)
    let lost = [Extent(.lost, count: inode.size)]
    if inode.isRealtime { return lost }
    var runs: [BlockRun]?
    switch versions.last(where: { $0.fork != nil })?.fork {
    case .local(let bytes): return volume.inline(bytes, size: inode.size)
    case .extents(let bytes): runs = map.list(bytes, count: inode.extentCount)
    case .root(let bytes): runs = map.tree(loggedRoot: bytes)
    case nil where inode.format == .local:
      return freed.map { volume.inline($0.literal, size: inode.size) } ?? lost
    case nil where inode.extentCount == 0: runs = []
    case nil: break
    }
    if runs == nil, let left = freed.flatMap({ map.remainingRuns(of: $0) }),
      UInt64(clamping: left.count) >= inode.extentCount
    {
      runs = Array(left.prefix(Int(clamping: inode.extentCount)))
    }
    guard let runs else { return lost }
    return inode.kind == .file
      ? volume.extents(runs, size: inode.size) : volume.linkTarget(runs, size: inode.size)
  }

  /// A freed inode of which nothing but itself tells.
  private mutating func addFreed(_ inode: Inode, _ inodeNumber: UInt64) {
    let runs = BlockMap(volume: volume, owner: inodeNumber).remainingRuns(of: inode)
    let life =
      history.trails[inodeNumber]?.span(beforeFreed: inode.generation) ?? 0..<UInt64.max
    let name = names.candidates(for: inodeNumber, type: 0, in: life).first
    guard runs != nil || name != nil else { return }
    let isFolder =
      runs.map { isDirectory($0, inodeNumber) }
      ?? volume.shortDirectory(inode.literal).map { !$0.entries.isEmpty } ?? false
    var kind: Finding.Kind = .file
    var content: [Extent] = []
    if isFolder || name?.name.type == 2 && runs == nil {
      kind = .folder
    } else if name?.name.type == 7, runs == nil {
      kind = .symbolicLink
      content = volume.inline(Array(inode.literal.prefix { $0 != 0 }), size: 1024)
    } else if let runs {
      // What was reserved and never written lies behind the end.
      let written = runs.last { !$0.isUnwritten }?.end ?? 0
      content = volume.extents(
        runs.filter { $0.logical < written }, size: ByteCount(written * volume.geometry.blockSize))
    } else if name.map({ $0.name.type > 1 }) ?? true {
      return
    }
    var finding = finding(kind, content, inode.times, inodeNumber)
    finding.evidence = [.deletedEntry, .blockListSurvived] + seal(inodeNumber)
    if kind == .file { finding.evidence.append(.sizeGuessed) }
    let type: UInt8 =
      switch kind {
      case .folder: 2
      case .symbolicLink: 7
      default: 1
      }
    add(
      finding, inodeNumber, type: type, count: 1, end: inode.times.changed, isOwner: false,
      in: life)
  }

  private func isDirectory(_ runs: [BlockRun], _ inodeNumber: UInt64) -> Bool {
    guard let first = runs.first, first.logical == 0, let bytes = volume.block(first.physical)
    else { return false }
    let isFive = volume.superblock.hasChecksums
    let isBlock = ["XDB3", "XDD3", "XD2B", "XD2D"].contains { bytes.holds(Array($0.utf8), at: 0) }
    return isBlock
      && (try? bytes.big(UInt64.self, at: isFive ? 0x28 : 0x10)) == inodeNumber
  }

  /// Names whose inode is nowhere any more.
  private mutating func addNamesAlone() {
    for inodeNumber in names.numbers
    where !described.contains(inodeNumber) && !tree.holds(inodeNumber)
      && volume.inode(inodeNumber) == nil
    {
      guard let name = names.candidates(for: inodeNumber, type: 1).first, name.name.type <= 1 else {
        continue
      }
      var finding = finding(.file, [Extent(.lost, count: 0)], Times(), inodeNumber)
      finding.evidence = [.deletedEntry]
      add(finding, inodeNumber, type: 1, count: 1, end: nil, isOwner: false)
    }
  }

  private func finding(
    _ kind: Finding.Kind, _ content: [Extent], _ times: Times, _ inodeNumber: UInt64
  ) -> Finding {
    Finding(
      volume: number, origin: .undelete, kind: kind, size: content.length, times: times,
      content: content, evidence: [], key: inodeNumber)
  }

  private func seal(_ inodeNumber: UInt64) -> [Evidence] {
    volume.checksumHolds(ofInode: inodeNumber) ? [.metadataChecksumHolds("inode")] : []
  }

  /// Adds a finding under each of the likeliest names, as many as links were counted.
  private mutating func add(
    _ finding: Finding, _ inodeNumber: UInt64, type: UInt8, count: Int, end: Timestamp?,
    isOwner: Bool, isClone: Bool = false,
    in life: Range<UInt64> = 0..<UInt64.max
  ) {
    described.insert(inodeNumber)
    var finding = finding
    if finding.content.count > max(64, Self.mostExtents - extentCount) {
      finding.content = [Extent(.lost, count: finding.size)]
    }
    let known = names.candidates(for: inodeNumber, type: type, in: life)
    let chosen = known.prefix(finding.kind == .folder ? 1 : max(1, min(count, 64)))
    for name in chosen.map(Optional.some) + (chosen.isEmpty ? [nil] : []) {
      var finding = finding
      if let name {
        let (folder, isWhole) = path(to: name.name.parent)
        finding.folder = folder
        finding.name = name.name.name
        finding.type = name.name.name.pathExtension
        switch name.origin {
        case .freedDirectory: finding.evidence.append(.nameFromFreedDirectory)
        case .log:
          finding.evidence.append(
            .nameFromJournal(transaction: UInt32(truncatingIfNeeded: name.moment)))
        case .leftover: break
        }
        if !isWhole { finding.evidence.append(.parentUnknown) }
      } else {
        // An empty file that nobody names is no news.
        if finding.kind == .folder || finding.content.isEmpty { return }
        finding.folder = [RawName("#inodes")]
        finding.name = RawName("#\(inodeNumber)")
        finding.evidence.append(.parentUnknown)
      }
      extentCount += finding.content.count
      findings.append(
        Entry(finding: finding, isOwner: isOwner, end: end, isClone: isClone))
    }
  }

  private mutating func path(to folder: UInt64) -> (components: [RawName], isWhole: Bool) {
    if let known = paths[folder] { return known }
    let path = names.path(to: folder, root: volume.superblock.rootInode, tree)
    if paths.count == Self.mostPaths { paths = [:] }
    paths[folder] = path
    return path
  }

  /// Finds out which bytes two deleted files both claim: what was freed later wrote them.
  mutating func compareClaims() {
    var claims = RivalClaims<Int>()
    for (index, entry) in findings.enumerated() {
      claims.add(entry.finding.content.mediumRanges, of: index)
    }
    let losses = claims.losses(
      areRivals: areRivals, isLater: isLater)
    for (loser, rivals) in losses {
      for (winner, count) in rivals {
        let name = findings[winner].finding.name?.text ?? ""
        findings[loser].finding.evidence.append(.claimedByDeleted(count, by: name))
      }
    }
  }

  private func areRivals(_ left: Int, _ right: Int) -> Bool {
    let (left, right) = (findings[left], findings[right])
    return left.finding.key != right.finding.key
      && !(left.isClone && right.isClone
        && Clones.isShared(left.finding.content, right.finding.content))
  }

  /// A file that was never freed holds what it claims; else the one freed last does.
  private func isLater(_ left: Int, _ right: Int) -> Bool {
    if findings[left].isOwner != findings[right].isOwner { return findings[left].isOwner }
    let times = (
      findings[left].end?.nanoseconds ?? .max, findings[right].end?.nanoseconds ?? .max
    )
    return times.0 == times.1 ? left > right : times.0 > times.1
  }
}
