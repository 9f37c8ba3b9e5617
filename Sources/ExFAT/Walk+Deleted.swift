// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension Walk {
  /// Looks into deleted directories, and those that they list; of several that had one cluster, the
  /// one made last.
  mutating func walkDeleted(_ body: (Finding) throws -> Void) throws {
    while !deleted.isEmpty {
      let batch = deleted.sorted {
        ($1.set.latest, $0.set.offset) < ($0.set.latest, $1.set.offset)
      }
      deleted.removeAll()
      for (set, parent, isFreed) in batch {
        // What was moved is still there.
        if isMoved(set) { continue }
        try body(
          folderFinding(set, in: parent, evidence: evidence(of: set, in: parent, isFreed: isFreed)))
        guard boot.contains(set.start), set.start < clusterEnd, !visited.contains(set.start),
          let folder = folders.add(set.name, in: parent)
        else { continue }
        var sets: [EntrySet] = []
        if let owner = owner(of: set.start) {
          guard overwritten.insert(set.start).inserted else { continue }
          sets = slack(of: owner, at: set.start)
        } else {
          sets = read(freed(directoryRuns(set).runs)).sets
        }
        for set in sets {
          note(set, folder: folder, isFreed: true)
        }
      }
    }
  }

  /// Directories that nothing names: those first that no other one lists.
  mutating func walkOrphans(
    _ lost: LostDirectories, _ body: (Finding) throws -> Void
  ) throws {
    for isNamed in [false, true] {
      for cluster in lost.clusters where lost.named.contains(cluster) == isNamed {
        guard !visited.contains(cluster), owner(of: cluster) == nil,
          let folder = folders.add(RawName("#\(cluster)"), in: nil, isUnknown: true)
        else { continue }
        var run = ClusterRun(start: cluster, count: 1)
        // A directory goes on in the next cluster unless that one is somebody else's.
        while lost.holds(run.end), !lost.named.contains(run.end), !visited.contains(run.end) {
          run.count &+= 1
        }
        for set in read([run]).sets { note(set, folder: folder, isFreed: true) }
        try walkDeleted(body)
      }
    }
  }

  /// The sets of a directory that still stand behind the end of the live file which has its cluster
  /// now.
  private func slack(of owner: Owner, at cluster: UInt32) -> [EntrySet] {
    guard let file = owner.set, !file.isDirectory, file.start == owner.run.start else { return [] }
    let end = boot.offset(of: file.start) &+ min(file.size, 1 << 61)
    let from = max(end, boot.offset(of: cluster))
    let to = boot.offset(of: cluster) &+ boot.clusterSize
    guard from < to, boot.cluster(at: from) == cluster else { return [] }
    let aligned = from &+ (32 &- from % 32) % 32
    let count = min(to &- min(to, aligned), 0x40_0000)
    guard let bytes = try? source.read(at: ByteOffset(aligned), count: ByteCount(count)) else {
      return []
    }
    var parser = DirectoryParser(upcase: upcase)
    parser.parse(bytes, at: aligned)
    parser.finish()
    return parser.sets.filter(\.checksumHolds)
  }

  /// The parts of runs that no live file has. A directory in more pieces than `mostPieces` is cut
  /// there, so that many of the greatest length end.
  private func freed(_ runs: [ClusterRun]) -> [ClusterRun] {
    var freed: [ClusterRun] = []
    var pieces = 0
    for run in runs {
      var at = run.start
      while at < run.end, pieces < Self.mostPieces {
        pieces += 1
        let isTaken = map.taken.contains(at)
        let found = map.taken.first(from: at, below: run.end, member: !isTaken)
        let end = found > at ? found : run.end
        if !isTaken || owner(of: at) == nil {
          freed.append(ClusterRun(start: at, count: end &- at))
        }
        at = end
      }
    }
    return freed
  }

  private static var mostPieces: Int { 4096 }

  /// Whether a live file or folder has the same content: the set is what a rename left behind.
  func isMoved(_ set: EntrySet) -> Bool {
    guard set.size > 0 || set.isDirectory, let live = owner(of: set.start) else { return false }
    guard let other = live.set else {
      return set.isDirectory && live.run.start == set.start
    }
    return live.run.start == set.start && other.start == set.start
      && other.times.created == set.times.created && !set.isDirectory
  }

  /// What the set of a deleted file says of itself.
  func evidence(of set: EntrySet, in folder: Int, isFreed: Bool) -> [Evidence] {
    var evidence: [Evidence] = [
      set.isLive ? .nameFromFreedDirectory : .deletedEntry, .metadataChecksumHolds("entry set"),
    ]
    if set.hashHolds == true { evidence.append(.metadataChecksumHolds("name")) }
    if isFreed, !set.isLive { evidence.append(.nameFromFreedDirectory) }
    if folders.isPlaceUnknown(folder) { evidence.append(.parentUnknown) }
    return evidence
  }
}

extension EntrySet {
  /// When it was last known to be in use.
  var latest: Timestamp {
    [times.created, times.modified].compactMap { $0 }.max() ?? Timestamp(nanoseconds: .min)
  }
}

extension LostDirectories {
  func holds(_ cluster: UInt32) -> Bool {
    var low = 0
    var high = clusters.count
    while low < high {
      let middle = (low + high) / 2
      if clusters[middle] < cluster { low = middle + 1 } else { high = middle }
    }
    return low < clusters.count && clusters[low] == cluster
  }
}
