// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Turns versions of the past into findings: of a deleted file the newest that is whole, and of any
/// file what older ones hold beside.
struct PastFiles {
  private let volume: BtrfsVolume
  private let live: LiveFiles
  private let history: History
  private let scan: NodeScan
  private let contents: Contents
  private let number: UInt16
  private let occupied: Occupied

  /// Older versions of one file, and files of one path, that are handed out.
  private static let mostOlder = 3

  init(
    _ volume: BtrfsVolume, _ live: LiveFiles, _ history: History, _ scan: NodeScan,
    _ contents: Contents, number: UInt16
  ) {
    self.volume = volume
    self.live = live
    self.history = history
    self.scan = scan
    self.contents = contents
    self.number = number
    occupied = Occupied(volume, live, contents.disk)
  }

  /// A version that is worth a finding.
  private struct Chosen {
    let version: Version
    let content: Content
    /// Whether a newer one is known, and did not merely become empty.
    let isOlder: Bool
    /// Whether a newer one has the name.
    let isDated: Bool
    let index: Int
  }

  func visit(_ body: (Finding) throws -> Void) throws {
    let holders = pathHolders()
    for life in history.versions.keys.sorted() {
      for chosen in choose(history.versions[life] ?? [], of: life) {
        for place in chosen.version.places {
          let rank = holders[PathKey(place)].map { $0.firstIndex(of: life) ?? .max } ?? 0
          let isTaken = live.holds(place.name, in: place.folder)
          // Of many files that had the same path, one after the other, the last ones are kept.
          if chosen.version.file.inode.kind != .file, rank > 0 || isTaken { continue }
          if rank > Self.mostOlder, !chosen.content.isVerified { continue }
          try body(finding(of: chosen, at: place, life, isReplaced: rank > 0 || isTaken))
        }
      }
    }
    for life in history.nameless.keys.sorted() where history.versions[life] == nil {
      guard let version = history.nameless[life] else { continue }
      let content = content(of: version)
      guard content.holds else { continue }
      let place = Version.Place(
        folder: life.inode, name: RawName("#\(life.number)"), path: ["#inodes"], isWhole: false)
      let chosen = Chosen(
        version: version, content: content, isOlder: false, isDated: false, index: 0)
      try body(finding(of: chosen, at: place, life, isReplaced: false))
    }
  }

  private struct PathKey: Hashable {
    let folder: [RawName]
    let name: RawName

    init(_ place: Version.Place) {
      folder = place.path
      name = place.name
    }
  }

  /// The files that had a path, the one that had it last first.
  private func pathHolders() -> [PathKey: [Life]] {
    var holders: [PathKey: [(life: Life, changed: UInt64)]] = [:]
    for (life, versions) in history.versions {
      guard let newest = versions.first else { continue }
      for place in newest.places {
        holders[PathKey(place), default: []].append((life, newest.generation))
      }
    }
    return holders.mapValues { lives in
      lives.sorted { ($0.changed, $0.life) > ($1.changed, $1.life) }
        .prefix(Self.mostOlder + 1).map(\.life)
    }
  }

  /// The versions of a file that are worth a finding, the newest first.
  private func choose(_ versions: [Version], of life: Life) -> [Chosen] {
    var kept: [FileState] = []
    var result: [Chosen] = []
    if let present = live.file(life) {
      kept = [present]
    } else if let main = main(of: versions) {
      kept = [main.version.file]
      result = [main]
    }
    for (index, version) in versions.enumerated()
    where version.file.inode.kind == .file && index > (result.first?.index ?? -1) {
      guard result.count <= Self.mostOlder, version.file.inode.size > 0,
        !kept.contains(where: { $0.contains(version.file) })
      else { continue }
      let content = content(of: version)
      guard content.isVerified, !kept.contains(where: { isStart(content, of: $0) }) else {
        continue
      }
      kept.append(version.file)
      result.append(
        Chosen(version: version, content: content, isOlder: true, isDated: true, index: index))
    }
    return result
  }

  /// The newest version that is whole, else the newest: it has the name.
  private func main(of versions: [Version]) -> Chosen? {
    var fallback: Chosen?
    var wasFilled = false
    for (index, version) in versions.enumerated() {
      let chosen = Chosen(
        version: version, content: content(of: version), isOlder: wasFilled, isDated: false,
        index: index)
      wasFilled = wasFilled || version.file.inode.size > 0
      // That it was empty once is no reason to pass over what it held later.
      if chosen.content.holds, index == 0 || version.file.inode.size > 0 { return chosen }
      fallback = fallback ?? chosen
    }
    return fallback
  }

  private func content(of version: Version) -> Content {
    guard version.file.inode.kind == .file || version.file.inode.kind == .symbolicLink else {
      return Content()
    }
    let sums = DataChecksums(
      reader: live.reader, tree: version.checksumTree, past: scan.checksums)
    return contents.content(of: version.file, sums, in: version.generation)
  }

  /// Whether a small content is but the beginning of what a newer version holds.
  private func isStart(_ content: Content, of newer: FileState) -> Bool {
    guard content.extents.length <= 0x1_0000, newer.inode.size >= content.extents.length else {
      return false
    }
    let source = contents.disk.source
    let whole = contents.content(of: newer, nil, in: volume.superblock.generation).extents
    guard !whole.contains(where: { if case .packed = $0.place { true } else { false } }),
      let old = try? source.joined(content.extents).read(at: 0, count: content.extents.length)
    else { return false }
    return (try? source.joined(whole).read(at: 0, count: content.extents.length)) == old
  }

  private func finding(
    of chosen: Chosen, at place: Version.Place, _ life: Life, isReplaced: Bool
  ) -> Finding {
    let (version, content) = (chosen.version, chosen.content)
    let inode = version.file.inode
    var evidence: [Evidence] = [.olderTree(transaction: version.generation)]
    if volume.superblock.checksum.isHandled { evidence.append(.metadataChecksumHolds("tree")) }
    if chosen.isOlder || isReplaced, inode.kind == .file { evidence.append(.olderVersion) }
    if !place.isWhole { evidence.append(.parentUnknown) }
    if content.isVerified, inode.kind == .file {
      evidence.append(
        .checksumsHold(count: content.held, kind: volume.superblock.checksum.name))
    }
    evidence += content.lostParts(volume.superblock)
    evidence += occupied.evidence(for: content, in: version.generation)
    let name =
      (chosen.isDated || isReplaced) && inode.kind == .file
      ? VersionName.name(place.name, inode.times.modified ?? inode.times.changed) : place.name
    return Finding(
      volume: number, origin: .undelete, kind: inode.findingKind, folder: place.path, name: name,
      type: name.pathExtension, size: content.extents.length, times: inode.times,
      content: content.extents, evidence: evidence,
      key: FindingKey.key(life, version: chosen.index + 1))
  }
}
