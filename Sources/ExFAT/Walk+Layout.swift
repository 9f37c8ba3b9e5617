// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension Walk {
  /// Gives each deleted file its clusters and hands it out: first those whose clusters are known,
  /// the latest first, then those that have to fit between them.
  mutating func emitJobs(_ body: (Finding) throws -> Void) throws {
    var claims = Claims(visited)
    var rest: [Job] = []
    let order = jobs.sorted { ($1.set.latest, $1.set.offset) < ($0.set.latest, $0.set.offset) }
    jobs = []
    var starts = ClusterSet(end: clusterEnd)
    var known: [(job: Job, runs: [ClusterRun], conflict: Claims.Conflict?)] = []
    for job in order where !isMoved(job.set) {
      if job.set.size > 0 { starts.insert(job.set.start) }
      if let runs = knownRuns(job.set) {
        guard claims.spend(runs) else {
          try body(unlaid(job))
          continue
        }
        known.append((job, runs, claims.add(runs, job)))
      } else {
        rest.append(job)
      }
    }
    claims.sort()
    for (job, runs, conflict) in known {
      try body(
        deletedFile(job, runs, conflict, claims, job.set.size > 0 ? [.blockListSurvived] : []))
    }
    rest.sort {
      ($0.set.start, $1.set.latest, $0.set.offset) < ($1.set.start, $0.set.latest, $1.set.offset)
    }
    for layout in assumedLayouts(rest, starts, &claims) {
      guard layout.isLaid else {
        try body(unlaid(layout.job))
        continue
      }
      let gaps = ByteCount(UInt64(layout.skipped) &* boot.clusterSize)
      try body(
        deletedFile(
          layout.job, layout.runs, layout.conflict, claims,
          [gaps > 0 ? .gapsSkipped(gaps) : .contiguityAssumed]))
    }
  }

  /// The clusters that the set or the FAT tells; nil where a chain is gone.
  private mutating func knownRuns(_ set: EntrySet) -> [ClusterRun]? {
    let wanted = boot.clusters(for: set.size)
    guard wanted > 0, boot.contains(set.start) else { return [] }
    let straight = ClusterRun(start: set.start, count: min(wanted, boot.clusterEnd &- set.start))
    guard !set.isContiguous, wanted > 1 else { return [straight] }
    let chain = table.chain(from: set.start, limit: wanted)
    return chain.isWhole ? chain.runs : nil
  }

  /// A file whose clusters were not looked for, since too many before it claim the same ones.
  private func unlaid(_ job: Job) -> Finding {
    let evidence = self.evidence(of: job.set, in: job.folder, isFreed: job.isFreed)
    return finding(
      job.set, folder: job.folder, origin: .undelete,
      content: [Extent(.lost, count: ByteCount(job.set.size))],
      evidence: evidence + [.notHandled("too many files that claim the same clusters")])
  }

  private func deletedFile(
    _ job: Job, _ runs: [ClusterRun], _ conflict: Claims.Conflict?, _ claims: Claims,
    _ layout: [Evidence]
  ) -> Finding {
    var evidence = self.evidence(of: job.set, in: job.folder, isFreed: job.isFreed) + layout
    var parts: [(run: ClusterRun, isLost: Bool)] = []
    var taken: UInt64 = 0
    var unknown: UInt64 = 0
    var name: String?
    for run in runs {
      for part in map.taken.parts(of: run) where part.run.count > 0 {
        guard part.isMember else {
          parts.append((part.run, false))
          continue
        }
        for (piece, owner) in pieces(of: part.run) {
          let bytes = UInt64(piece.count) &* boot.clusterSize
          if let owner {
            taken &+= bytes
            name = name ?? text(owner)
          } else {
            unknown &+= bytes
          }
          parts.append((piece, owner != nil))
        }
      }
    }
    if taken > 0 {
      evidence.append(.overwritten(ByteCount(min(taken, job.set.size)), by: name ?? ""))
    }
    // In use by nobody's account.
    if unknown > 0 { evidence.append(.allocationUnknown(ByteCount(min(unknown, job.set.size)))) }
    if let conflict {
      let bytes = min(UInt64(conflict.count) &* boot.clusterSize, job.set.size)
      let owner = owner(of: conflict.first, in: claims.owners)
      evidence.append(
        .claimedByDeleted(ByteCount(bytes), by: owner.map(text) ?? ""))
    }
    let known = runs.reduce(UInt64(0)) { $0 &+ UInt64($1.count) &* boot.clusterSize }
    if runs.isEmpty, job.set.size > 0 {
      evidence.append(.brokenAt(0, problem: "no such first cluster"))
    } else if known < job.set.validSize {
      evidence.append(.brokenAt(ByteOffset(known), problem: "no clusters are left for the rest"))
    }
    let content = extents(of: parts, job.set, &evidence)
    return finding(
      job.set, folder: job.folder, origin: .undelete, content: content, evidence: evidence)
  }

  /// A run that is in use, cut by who has it.
  private func pieces(of run: ClusterRun) -> [(run: ClusterRun, owner: Owner?)] {
    var pieces: [(run: ClusterRun, owner: Owner?)] = []
    var at = run.start
    while at < run.end {
      let owner = owner(of: at)
      let next = owner.map { $0.run.end } ?? nextOwned(from: at)
      let end = max(at &+ 1, min(next, run.end))
      pieces.append((ClusterRun(start: at, count: end &- at), owner))
      at = end
    }
    return pieces
  }

  private func nextOwned(from cluster: UInt32) -> UInt32 {
    var low = 0
    var high = owners.count
    while low < high {
      let middle = (low + high) / 2
      if owners[middle].run.start <= cluster { low = middle + 1 } else { high = middle }
    }
    return low < owners.count ? owners[low].run.start : .max
  }
}
