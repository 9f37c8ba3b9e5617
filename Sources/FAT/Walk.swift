// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// One visit of a volume: the live tree first, then deleted directories, then those that nothing
/// names any more, and last the contents of all deleted files, which exclude one another.
struct Walk {
  /// A deleted file whose content is to be found.
  struct Job {
    var entry: DirectoryEntry
    let folder: Int
    /// The first cluster of the directory that lists it; 0: the root.
    let directory: UInt32
    var start: UInt32
    var candidates: UInt32 = 1

    /// When it was last known to be in use.
    var latest: Timestamp {
      [entry.times.created, entry.times.modified].compactMap { $0 }.max()
        ?? Timestamp(nanoseconds: .min)
    }
  }

  /// Clusters of a live file.
  struct Owner {
    let run: ClusterRun
    let folder: Int
    let name: RawName
    let size: UInt32
    let isFirst: Bool
  }

  let source: Source
  let boot: BootSector
  let number: UInt16
  /// Whether another volume is in force at this one's place.
  let isFormer: Bool
  let page: CodePage
  let map: ClusterMap
  var table: AllocationTable
  var folders = FolderPaths()
  /// Clusters of directories that were read.
  var visited: ClusterSet
  var owners: [Owner] = []
  var jobs: [Job] = []
  /// Deleted folders, told once their names are settled.
  var deletedFolders: [(entry: DirectoryEntry, parent: Int, folder: Int?)] = []
  /// Deleted directories not yet looked into: the entry, its folder, the directory that lists it.
  var deleted: [(entry: DirectoryEntry, folder: Int, directory: UInt32)] = []
  /// The folder of each directory read, by first cluster.
  var folderOf: [UInt32: Int] = [0: 0]
  /// How many pieces of deleted files may still be kept.
  var piecesLeft = 0x10_0000
  /// Steps along chains that may still be taken, so that hostile loops end.
  var chainBudget: UInt64

  init(_ volume: FATVolume, number: UInt16) {
    source = volume.source
    boot = volume.boot
    isFormer = volume.isFormer
    page = volume.page
    self.number = number
    map = ClusterMap(source, boot, isFormer: isFormer)
    table = AllocationTable(source, boot, isFormer: isFormer)
    visited = ClusterSet(end: boot.clusterEnd)
    chainBudget = UInt64(boot.clusterEnd) &* 4 &+ 65_536
  }

  mutating func run(landmarks: [Landmark], _ body: (Finding) throws -> Void) throws {
    try walkLive(body)
    owners.sort { ($0.run.start, $0.run.count) < ($1.run.start, $1.run.count) }
    let lost = LostDirectories(
      source, boot, taken: isFormer ? map.followers : map.taken,
      visited: visited, landmarks: landmarks)
    try walkDeleted(lost, body)
    try walkOrphans(lost, body)
    guessFirstLetters()
    for (entry, parent, _) in deletedFolders {
      try body(
        folderFinding(
          entry, in: parent, origin: .undelete, evidence: evidence(of: entry, in: parent)))
    }
    guessStarts()
    try emitJobs(body)
  }

  // MARK: Live

  private mutating func walkLive(_ body: (Finding) throws -> Void) throws {
    var parser = DirectoryParser(isLarge: boot.kind == .fat32, page: page)
    if boot.kind == .fat32 {
      folderOf[boot.rootCluster] = 0
      read(chainFrom: boot.rootCluster, into: &parser)
    } else {
      read(boot.rootStart, boot.rootLength, into: &parser)
    }
    var pending: [(entries: [DirectoryEntry], folder: Int, directory: UInt32)] = [
      (parser.entries, 0, 0)
    ]
    if isFormer {
      for entry in parser.entries where !entry.isLabel {
        note(deleted: entry, folder: 0, directory: 0)
      }
      return
    }
    while let next = pending.popLast() {
      for entry in next.entries where !entry.isLabel {
        if entry.isDeleted {
          note(deleted: entry, folder: next.folder, directory: next.directory)
        } else if entry.isDirectory {
          let folder = folders.add(entry.name, in: next.folder)
          try body(
            folderFinding(entry, in: next.folder, origin: .live, evidence: [.listedAsLive]))
          guard let folder, boot.contains(entry.start), !visited.contains(entry.start),
            dots(at: entry.start) != nil
          else { continue }
          folderOf[entry.start] = folder
          var parser = DirectoryParser(isLarge: boot.kind == .fat32, page: page)
          read(chainFrom: entry.start, into: &parser)
          pending.append((parser.entries, folder, entry.start))
        } else {
          try body(liveFile(entry, folder: next.folder))
        }
      }
    }
  }

  mutating func note(deleted entry: DirectoryEntry, folder: Int, directory: UInt32) {
    if entry.isDirectory {
      deleted.append((entry, folder, directory))
    } else {
      jobs.append(Job(entry: entry, folder: folder, directory: directory, start: entry.start))
    }
  }

  private mutating func guessFirstLetters() {
    var letters = FirstLetters()
    for name in folders.names { letters.learn(name) }
    for owner in owners where owner.isFirst { letters.learn(owner.name) }
    for job in jobs where job.entry.firstLetter != .lost { letters.learn(job.entry.name) }
    for index in deletedFolders.indices {
      guard let entry = deletedFolders[index].entry.completed(by: letters) else { continue }
      deletedFolders[index].entry = entry
      if let folder = deletedFolders[index].folder { folders.rename(folder, to: entry.name) }
    }
    for index in jobs.indices {
      if let entry = jobs[index].entry.completed(by: letters) { jobs[index].entry = entry }
    }
  }

  func text(_ name: RawName, in folder: Int) -> String {
    (folders.path(of: folder) + [name]).map(\.text).joined(separator: "/")
  }

  // MARK: Reading directories

  /// The first two entries of the directory that starts in this cluster.
  func dots(at cluster: UInt32) -> DotEntries? {
    guard boot.contains(cluster),
      let bytes = try? source.read(at: ByteOffset(boot.offset(of: cluster)), count: 64)
    else { return nil }
    return DotEntries(parsing: bytes, isLarge: boot.kind == .fat32)
  }

  func read(_ start: UInt64, _ count: UInt64, into parser: inout DirectoryParser) {
    if let bytes = try? source.read(at: ByteOffset(start), count: ByteCount(count)) {
      parser.parse(bytes, at: start)
    }
  }

  /// Reads a directory along its chain, each cluster once in the whole visit, at most 8 MiB.
  mutating func read(chainFrom start: UInt32, into parser: inout DirectoryParser) {
    var cluster = start
    var length: UInt64 = 0
    while boot.contains(cluster), !visited.contains(cluster), length < 0x80_0000 {
      visited.insert(cluster)
      read(boot.offset(of: cluster), boot.clusterSize, into: &parser)
      length &+= boot.clusterSize
      guard case .next(let next) = table.entry(of: cluster) else { break }
      cluster = next
    }
  }
}
