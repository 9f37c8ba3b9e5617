// SPDX-License-Identifier: Apache-2.0

import Findings
import Volumes

extension Walk {
  /// A deleted file of which only the start is known, and the clusters it is assumed to have.
  struct Assumed {
    let job: Job
    var runs: [ClusterRun] = []
    /// How many clusters of others lie between its own.
    var skipped: UInt32 = 0
    var conflict: Claims.Conflict?
    var isLaid = true
  }

  private static var runLimit: Int { 65_536 }

  /// Gives files of which only the start is known the clusters that nobody else has: those that were
  /// written in turns theirs, then each one what follows its start, up to the next file's start, and then
  /// each one what it still lacks.
  ///
  /// - Parameters:
  ///   - jobs: by start, the latest first where several have the same.
  ///   - starts: where deleted files start.
  func assumedLayouts(
    _ jobs: [Job], _ starts: ClusterSet, _ claims: inout Claims
  ) -> [Assumed] {
    let braided = braids(jobs, &claims)
    var layouts: [Assumed] = []
    for (index, job) in jobs.enumerated() {
      var layout = Assumed(job: job)
      let wanted = min(boot.clusters(for: job.set.size), clusterEnd)
      if let runs = braided[index], let first = runs.first, let last = runs.last {
        layout.runs = runs
        layout.skipped = last.end &- first.start &- wanted
        layout.conflict = claims.add(runs, job, names: false)
      } else if claims.spend([ClusterRun(start: 0, count: wanted)]) {
        layout.runs = [firstRun(job.set, claims, starts)]
        layout.conflict = claims.add(layout.runs, job, names: false)
      } else {
        layout.isLaid = false
      }
      layouts.append(layout)
    }
    // First runs do not overlap, so each one ends behind those before it.
    var full = ClusterRun(start: 0, count: 0)
    for index in layouts.indices where layouts[index].isLaid && layouts[index].conflict == nil {
      goOn(&layouts[index], &claims, &full)
    }
    return layouts
  }

  /// The clusters from the start on that nobody else has; all of them where its very start is
  /// somebody else's, which is told as such and not skipped.
  private func firstRun(_ set: EntrySet, _ claims: Claims, _ starts: ClusterSet) -> ClusterRun {
    let limit = set.start &+ min(boot.clusters(for: set.size), boot.clusterEnd &- set.start)
    var end = map.taken.first(from: set.start, below: limit, member: true)
    end = claims.set.first(from: set.start, below: end, member: true)
    guard end > set.start else {
      return ClusterRun(start: set.start, count: limit &- set.start)
    }
    end = starts.first(from: set.start &+ 1, below: end, member: true)
    return ClusterRun(start: set.start, count: end &- set.start)
  }

  /// Adds what a file lacks from the next clusters that nobody has.
  ///
  /// - Parameter full: where the file before looked, and nothing is left.
  private func goOn(_ layout: inout Assumed, _ claims: inout Claims, _ full: inout ClusterRun) {
    let wanted = boot.clusters(for: layout.job.set.size)
    guard let first = layout.runs.first, first.count > 0, first.count < wanted else { return }
    var count = first.count
    var end = first.end
    if end < full.start || end >= full.end { full = ClusterRun(start: end, count: 0) }
    while count < wanted, layout.runs.count < Self.runLimit {
      var next = max(end, full.end)
      while next < clusterEnd {
        let before = next
        next = map.taken.first(from: next, below: clusterEnd, member: false)
        next = claims.set.first(from: next, below: clusterEnd, member: false)
        if next == before { break }
      }
      full.count = max(full.end, next) &- full.start
      guard next < clusterEnd else { return }
      let limit = next &+ min(wanted &- count, clusterEnd &- next)
      var stop = map.taken.first(from: next, below: limit, member: true)
      stop = claims.set.first(from: next, below: stop, member: true)
      guard stop > next else { return }
      let run = ClusterRun(start: next, count: stop &- next)
      _ = claims.add([run], layout.job, names: false)
      layout.runs.append(run)
      layout.skipped &+= next &- end
      count &+= run.count
      end = stop
      full.count = stop &- full.start
    }
  }
}
