// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// One visit of a volume: the live tree first, then deleted directories, then those that nothing
/// names any more, and last the contents of all deleted files.
struct Walk {
  /// A deleted file whose content is to be found.
  struct Job {
    let set: EntrySet
    let folder: Int
    /// Whether it stands in a directory that is itself no longer in use.
    let isFreed: Bool
  }

  /// Clusters that somebody has: nil for the set of a directory.
  struct Owner {
    let run: ClusterRun
    let folder: Int
    let set: EntrySet?
  }

  let source: Source
  let boot: BootSector
  let upcase: UpcaseTable?
  let number: UInt16
  let map: ClusterMap
  let clusterEnd: UInt32
  var table: ChainTable
  var folders = FolderPaths()
  /// Clusters of directories that were read.
  var visited: ClusterSet
  /// Clusters of live files in which a deleted directory was, each looked at once.
  var overwritten: Set<UInt32> = []
  /// Clusters of live files and directories, by start once the live tree was read.
  var owners: [Owner] = []
  var jobs: [Job] = []
  /// Deleted directories not yet looked into.
  var deleted: [(set: EntrySet, folder: Int, isFreed: Bool)] = []

  /// The most that is read of one directory, in clusters' bytes.
  static let longestDirectory: UInt64 = 0x1000_0000

  init(_ volume: ExFATVolume, number: UInt16) {
    source = volume.source
    boot = volume.boot
    upcase = volume.upcase
    clusterEnd = volume.clusterEnd
    self.number = number
    map = volume.clusterMap()
    table = ChainTable(source, boot, clusterEnd: clusterEnd)
    visited = ClusterSet(end: clusterEnd)
  }

  mutating func run(landmarks: [Landmark], _ body: (Finding) throws -> Void) throws {
    try walkLive(body)
    owners.sort { ($0.run.start, $0.run.count) < ($1.run.start, $1.run.count) }
    try walkDeleted(body)
    try walkOrphans(LostDirectories(self, landmarks: landmarks), body)
    try emitJobs(body)
  }

  // MARK: Live

  private mutating func walkLive(_ body: (Finding) throws -> Void) throws {
    let root = table.chain(from: boot.rootCluster, limit: .max).runs
    var pending: [(runs: [ClusterRun], folder: Int)] = [(root, 0)]
    while let next = pending.popLast() {
      let (sets, inForce) = read(next.runs)
      for run in next.runs { owners.append(Owner(run: run, folder: next.folder, set: nil)) }
      for (index, set) in sets.enumerated() {
        if !set.isLive || index >= inForce {
          note(set, folder: next.folder, isFreed: false)
        } else if set.isDirectory {
          let folder = folders.add(set.name, in: next.folder)
          try body(folderFinding(set, in: next.folder, evidence: liveEvidence(set, next.folder)))
          guard let folder, boot.contains(set.start), !visited.contains(set.start) else { continue }
          pending.append((directoryRuns(set).runs, folder))
        } else {
          try body(liveFile(set, folder: next.folder))
        }
      }
    }
  }

  /// Where a directory lies, and whether that is more than an assumption.
  mutating func directoryRuns(_ set: EntrySet) -> (runs: [ClusterRun], isKnown: Bool) {
    let limit = boot.clusters(for: min(max(set.size, 1), Self.longestDirectory))
    let straight = ClusterRun(start: set.start, count: min(limit, boot.clusterEnd &- set.start))
    guard !set.isContiguous, limit > 1 else { return ([straight], true) }
    let chain = table.chain(from: set.start, limit: limit)
    return chain.isWhole || chain.runs.count > 1 ? chain : ([straight], false)
  }

  /// The sets of a directory, each cluster once in the whole visit, and how many of them came
  /// before its end.
  mutating func read(_ runs: [ClusterRun]) -> (sets: [EntrySet], inForce: Int) {
    var parser = DirectoryParser(upcase: upcase)
    var length: UInt64 = 0
    for run in runs {
      var cluster = run.start
      while cluster < run.end, cluster < clusterEnd, !visited.contains(cluster),
        length < Self.longestDirectory
      {
        visited.insert(cluster)
        var done: UInt64 = 0
        while done < boot.clusterSize {
          let place = boot.offset(of: cluster) &+ done
          let count = min(boot.clusterSize &- done, 0x10_0000)
          if let bytes = try? source.read(at: ByteOffset(place), count: ByteCount(count)) {
            parser.parse(bytes, at: place)
          }
          done &+= count
        }
        length &+= boot.clusterSize
        cluster &+= 1
      }
    }
    parser.finish()
    return (parser.sets, parser.inForce)
  }

  /// Keeps a set that is no longer in force for later.
  mutating func note(_ set: EntrySet, folder: Int, isFreed: Bool) {
    guard set.checksumHolds, set.hashHolds != false || !isFreed else { return }
    if set.isDirectory {
      deleted.append((set, folder, isFreed))
    } else {
      jobs.append(Job(set: set, folder: folder, isFreed: isFreed))
    }
  }

  /// The path of whoever has clusters, as text.
  func text(_ owner: Owner) -> String {
    (folders.path(of: owner.folder) + (owner.set.map { [$0.name] } ?? []))
      .map(\.text).joined(separator: "/")
  }

  /// The live file or directory that has this cluster.
  func owner(of cluster: UInt32) -> Owner? { owner(of: cluster, in: owners) }

  /// The one of `sorted`, by start, that has this cluster.
  func owner(of cluster: UInt32, in sorted: [Owner]) -> Owner? {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle].run.start <= cluster { low = middle + 1 } else { high = middle }
    }
    guard low > 0, sorted[low - 1].run.end > cluster else { return nil }
    return sorted[low - 1]
  }
}
