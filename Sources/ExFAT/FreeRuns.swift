// SPDX-License-Identifier: Apache-2.0

import Volumes

/// Clusters that nobody has, from one on, counted from 0 without those between them.
struct FreeRuns {
  private var runs: [(run: ClusterRun, place: UInt32)] = []
  private(set) var count: UInt32 = 0

  /// More runs are not looked at.
  private static let most = 4096

  /// - Parameters:
  ///   - wanted: how many clusters are looked for.
  ///   - end: one behind the last cluster.
  init(from start: UInt32, wanted: UInt32, _ map: ClusterMap, _ claims: Claims, end: UInt32) {
    var at = start
    while at < end, count < wanted, runs.count < Self.most {
      let taken = map.taken.first(from: at, below: end, member: true)
      let stop = claims.set.first(from: at, below: taken, member: true)
      if stop > at {
        runs.append((ClusterRun(start: at, count: stop &- at), count))
        count &+= stop &- at
      }
      var next = stop
      while next < end {
        let before = next
        next = map.taken.first(from: next, below: end, member: false)
        next = claims.set.first(from: next, below: end, member: false)
        if next == before { break }
      }
      at = next
    }
  }

  /// The place of a cluster among those that nobody has.
  func place(of cluster: UInt32) -> UInt32? {
    let index = runs.partition { $0.run.end > cluster }
    guard index < runs.count, cluster >= runs[index].run.start else { return nil }
    return runs[index].place &+ (cluster &- runs[index].run.start)
  }

  /// The clusters from a place on.
  func clusters(from place: UInt32, count: UInt32) -> [ClusterRun] {
    var result: [ClusterRun] = []
    var index = runs.partition { $0.place &+ $0.run.count > place }
    var rest = count
    while rest > 0, index < runs.count {
      let (run, first) = runs[index]
      let skipped = place > first ? place &- first : 0
      let part = ClusterRun(start: run.start &+ skipped, count: min(run.count &- skipped, rest))
      result.append(part)
      rest &-= part.count
      index += 1
    }
    return result
  }
}

extension Array {
  /// The first place whose element fulfils what all behind it do.
  fileprivate func partition(_ holds: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
