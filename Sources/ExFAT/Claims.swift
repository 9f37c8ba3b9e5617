// SPDX-License-Identifier: Apache-2.0

import Volumes

/// Clusters that deleted files were given: the first to come has them.
struct Claims {
  /// Clusters of a file that another one has.
  struct Conflict {
    let first: UInt32
    var count: UInt32
  }

  private(set) var set: ClusterSet
  /// Who has which, by start once sorted.
  private(set) var owners: [Walk.Owner] = []

  /// How many clusters may still be looked at, so that sets which all claim a whole volume end.
  private(set) var budget: UInt64

  /// - Parameter visited: clusters of directories, which no file has.
  init(_ visited: ClusterSet) {
    set = visited
    budget = UInt64(visited.end) &* 64 &+ 0x200_0000
  }

  /// Whether so many clusters may be looked at; they are then taken from what is left.
  mutating func spend(_ runs: [ClusterRun]) -> Bool {
    let count = runs.reduce(UInt64(64)) { $0 &+ UInt64($1.count) }
    guard count <= budget else { return false }
    budget &-= count
    return true
  }

  /// Gives a file what is left of its clusters, and tells of the others.
  ///
  /// - Parameter names: whether the file is to be named to later ones.
  mutating func add(_ runs: [ClusterRun], _ job: Walk.Job, names: Bool = true) -> Conflict? {
    var conflict: Conflict?
    for run in runs {
      let end = min(run.end, set.end)
      guard run.start < end else { continue }
      for part in set.parts(of: ClusterRun(start: run.start, count: end &- run.start)) {
        if part.isMember {
          conflict = Conflict(
            first: conflict?.first ?? part.run.start,
            count: (conflict?.count ?? 0) &+ part.run.count)
        } else if names {
          owners.append(Walk.Owner(run: part.run, folder: job.folder, set: job.set))
        }
      }
      set.insert(run)
    }
    return conflict
  }

  mutating func sort() { owners.sort { $0.run.start < $1.run.start } }
}
