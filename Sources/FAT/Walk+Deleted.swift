// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension Walk {
  /// Looks into deleted directories, and those that they list, as long as their clusters still say
  /// who they are.
  mutating func walkDeleted(
    _ lost: LostDirectories, _ body: (Finding) throws -> Void
  ) throws {
    var index = 0
    while index < deleted.count {
      let (entry, parent, directory) = deleted[index]
      index += 1
      guard let cluster = start(ofDirectory: entry, in: directory, lost),
        let folder = folders.add(entry.name, in: parent)
      else {
        deletedFolders.append((entry, parent, nil))
        continue
      }
      deletedFolders.append((entry, parent, folder))
      try look(into: cluster, folder: folder, lost, body)
    }
    deleted.removeAll()
  }

  /// Directories that nothing names: parents first, so that only the topmost is without a name.
  mutating func walkOrphans(
    _ lost: LostDirectories, _ body: (Finding) throws -> Void
  ) throws {
    for cluster in lost.parents.keys.sorted() where !visited.contains(cluster) {
      var top = cluster
      var passed: Set<UInt32> = [top]
      while let parent = lost.parents[top], lost.parents[parent] != nil,
        !visited.contains(parent), passed.insert(parent).inserted
      { top = parent }
      for next in top == cluster ? [cluster] : [top, cluster] where !visited.contains(next) {
        let home = lost.parents[next].flatMap { folderOf[$0] }
        let name = RawName("#\(next)")
        guard let folder = folders.add(name, in: home, isUnknown: true) else { continue }
        try look(into: next, folder: folder, lost, body)
        try walkDeleted(lost, body)
      }
    }
    for cluster in lost.continuations where !visited.contains(cluster) {
      guard let folder = folders.add(RawName("#\(cluster)"), in: nil, isUnknown: true) else {
        continue
      }
      try look(into: cluster, folder: folder, lost, body)
      try walkDeleted(lost, body)
    }
  }

  /// The first cluster of a deleted directory, if it still starts with its own number and that of
  /// the directory which lists it.
  private func start(
    ofDirectory entry: DirectoryEntry, in directory: UInt32, _ lost: LostDirectories
  ) -> UInt32? {
    let parent = directory == boot.rootCluster ? 0 : directory
    if let dots = dots(at: entry.start), dots.own == entry.start, dots.parent == parent,
      !visited.contains(entry.start)
    {
      return entry.start
    }
    guard entry.high == 0, boot.kind == .fat32 else { return nil }
    return lost.byLow[entry.low]?.first { lost.parents[$0] == parent && !visited.contains($0) }
  }

  private mutating func look(
    into cluster: UInt32, folder: Int, _ lost: LostDirectories, _ body: (Finding) throws -> Void
  ) throws {
    folderOf[cluster] = folder
    var parser = DirectoryParser(isLarge: boot.kind == .fat32, page: page)
    var at: UInt32? = cluster
    while let next = at, boot.contains(next), !visited.contains(next), !parser.hasEnded,
      chainBudget > 0
    {
      chainBudget &-= 1
      visited.insert(next)
      read(boot.offset(of: next), boot.clusterSize, into: &parser)
      at =
        switch table.entry(of: next) {
        case .next(let following): following
        case .end: nil
        case .free, .bad, .unknown: lost.next[next]
        }
    }
    for entry in parser.entries where !entry.isLabel {
      if !isFormer, !entry.isDeleted, !entry.isDirectory, entry.size > 0,
        !map.isFree(entry.start), !map.isFree(cluster)
      {
        try body(liveFile(entry, folder: folder))
      } else {
        note(deleted: entry, folder: folder, directory: cluster)
      }
    }
  }

  /// What the entry of a deleted file says of itself.
  func evidence(of entry: DirectoryEntry, in folder: Int) -> [Evidence] {
    var evidence: [Evidence] = [entry.isDeleted ? .deletedEntry : .nameFromFreedDirectory]
    if entry.hasLongName { evidence.append(.metadataChecksumHolds("long name")) }
    switch entry.firstLetter {
    case .kept: break
    case .computed: evidence.append(.firstLetterComputed)
    case .lost: evidence.append(.firstLetterLost)
    case .guessed: evidence.append(.firstLetterGuessed)
    }
    if folders.isPlaceUnknown(folder) { evidence.append(.parentUnknown) }
    return evidence
  }
}
