// SPDX-License-Identifier: Apache-2.0

/// A set of clusters, one bit each: at most 32 MiB on FAT; on exFAT as many as the source can hold.
package struct ClusterSet: Sendable {
  package let end: UInt32
  @usableFromInline var words: [UInt64]

  @inlinable package init(end: UInt32) {
    self.end = end
    words = [UInt64](repeating: 0, count: Int(end / 64) + 1)
  }

  @inlinable package func contains(_ cluster: UInt32) -> Bool {
    guard cluster < end else { return false }
    return words[Int(cluster / 64)] >> UInt64(cluster & 63) & 1 == 1
  }

  @inlinable package mutating func insert(_ cluster: UInt32) {
    guard cluster < end else { return }
    words[Int(cluster / 64)] |= 1 << UInt64(cluster & 63)
  }

  @inlinable package mutating func insert(_ run: ClusterRun) {
    var cluster = run.start
    let stop = min(run.end, end)
    while cluster < stop {
      if cluster & 63 == 0, stop &- cluster >= 64 {
        words[Int(cluster / 64)] = .max
        cluster &+= 64
      } else {
        insert(cluster)
        cluster &+= 1
      }
    }
  }

  /// The first cluster from `start` on, below `limit`, whose membership is `member`; else `limit`.
  @inlinable package func first(from start: UInt32, below limit: UInt32, member: Bool) -> UInt32 {
    let stop = min(limit, end)
    var cluster = start
    while cluster < stop {
      let word = words[Int(cluster / 64)]
      let wanted = (member ? word : ~word) >> UInt64(cluster & 63)
      if wanted != 0 {
        return min(cluster &+ UInt32(truncatingIfNeeded: wanted.trailingZeroBitCount), stop)
      }
      cluster = (cluster | 63) &+ 1
    }
    return stop
  }
}

extension ClusterSet {
  /// How many clusters of a run are members.
  package func count(in run: ClusterRun) -> UInt32 {
    var count: UInt32 = 0
    var cluster = run.start
    while cluster < run.end {
      let start = first(from: cluster, below: run.end, member: true)
      guard start < run.end else { break }
      let end = first(from: start, below: run.end, member: false)
      count &+= end &- start
      guard end > cluster else { break }
      cluster = end
    }
    return count
  }

  /// The parts of a run, in order, and whether each is in the set.
  package func parts(of run: ClusterRun) -> [(run: ClusterRun, isMember: Bool)] {
    var parts: [(run: ClusterRun, isMember: Bool)] = []
    var cluster = run.start
    while cluster < run.end {
      let isMember = contains(cluster)
      let found = first(from: cluster, below: run.end, member: !isMember)
      let end = found > cluster && found <= end ? found : run.end
      parts.append((ClusterRun(start: cluster, count: end &- cluster), isMember))
      cluster = end
    }
    return parts
  }
}
