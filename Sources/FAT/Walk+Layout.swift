// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension Walk {
  /// Gives each deleted file its clusters and hands it out: first those whose chain is still there,
  /// then those that nobody deleted before their directory was lost, and then the others.
  mutating func emitJobs(_ body: (Finding) throws -> Void) throws {
    var claims = Claims(visited: visited)
    // Of several that start in one cluster, the last one written comes first.
    let order = jobs.indices.sorted {
      (jobs[$0].start, jobs[$1].latest, jobs[$0].entry.offset)
        < (jobs[$1].start, jobs[$0].latest, jobs[$1].entry.offset)
    }
    var layouts = knownChains(order, &claims)
    let assumed = order.filter { layouts[$0] == nil }
    let kept = assumed.filter { !jobs[$0].entry.isDeleted }
    layOut(kept, order, held: nil, &claims, &layouts)
    let held =
      kept.isEmpty && !isFormer
      ? nil : (starts: ClusterSet(end: boot.clusterEnd), claims: claims.set)
    layOut(assumed.filter { jobs[$0].entry.isDeleted }, order, held: held, &claims, &layouts)
    let losses = losses(layouts)
    for index in order {
      guard let layout = layouts[index] else { continue }
      let lost = (losses[index] ?? []).map { loss in
        Evidence.claimedByDeleted(
          min(loss.count, ByteCount(UInt64(jobs[index].entry.size))),
          by: text(jobs[loss.winner].entry.name, in: jobs[loss.winner].folder))
      }
      try body(deletedFile(jobs[index], layout.runs, evidence: layout.evidence + lost))
    }
  }

  /// Where a deleted file is taken to lie, and why.
  struct Layout {
    var runs: [(run: ClusterRun, isLost: Bool)]
    var evidence: [Evidence]
  }

  /// A layout, unless all of them together have too many pieces to fit into memory.
  private mutating func kept(_ layout: Layout) -> Layout {
    guard layout.runs.count <= piecesLeft else {
      return Layout(runs: [], evidence: [.notHandled("files in too many pieces")])
    }
    piecesLeft -= layout.runs.count
    return layout
  }

  /// The files of a former volume whose chains are whole.
  private mutating func knownChains(_ order: [Int], _ claims: inout Claims) -> [Int: Layout] {
    guard isFormer else { return [:] }
    var layouts: [Int: Layout] = [:]
    for index in order where jobs[index].entry.size > 0 && !jobs[index].entry.isDeleted {
      let job = jobs[index]
      let runs = chain(from: job.start, size: job.entry.size)
      guard runs.reduce(0, { $0 &+ $1.count }) == boot.clusters(for: job.entry.size) else {
        continue
      }
      for run in runs {
        claims.add(run)
        owners.append(
          Owner(
            run: run, folder: job.folder, name: job.entry.name, size: job.entry.size,
            isFirst: run.start == job.start))
      }
      layouts[index] = kept(
        Layout(runs: runs.map { ($0, false) }, evidence: [.blockListSurvived]))
    }
    owners.sort { ($0.run.start, $0.run.count) < ($1.run.start, $1.run.count) }
    return layouts
  }

  /// Finds clusters for files of which only the start is known: whole runs that nobody else starts
  /// in, and that end as a file does, are served first, then those that start as their names promise,
  /// since not every system clears what follows a file; the others skip what is in use or claimed.
  ///
  /// - Parameters:
  ///   - order: all files, by their starts.
  ///   - held: clusters that were in use when these files were deleted; nil where only the FAT tells.
  private mutating func layOut(
    _ indices: [Int], _ order: [Int], held: (starts: ClusterSet, claims: ClusterSet)?,
    _ claims: inout Claims,
    _ layouts: inout [Int: Layout]
  ) {
    var starts = ClusterSet(end: boot.clusterEnd)
    for index in indices where jobs[index].entry.size > 0 { starts.insert(jobs[index].start) }
    var doubtful: [Int] = []
    var rest: [Int] = []
    for index in indices {
      let job = jobs[index]
      let run = contiguous(job)
      if job.entry.size > 0 {
        guard isWhole(run, starts, &claims) else {
          rest.append(index)
          continue
        }
        guard ending(job, run) >= 0 else {
          doubtful.append(index)
          continue
        }
        claims.add(run)
      }
      layouts[index] = Layout(
        runs: [(run, false)], evidence: job.entry.size > 0 ? [.contiguityAssumed] : [])
    }
    // Those of which neither end speaks come last.
    let promised = doubtful.filter { starting(jobs[$0]) > 0 }
    for index in promised {
      layouts[index] = kept(layOut(index, order, starts, held, &claims, isWhole: true))
    }
    for index in rest {
      layouts[index] = kept(layOut(index, order, starts, held, &claims, isWhole: false))
    }
    for index in doubtful where layouts[index] == nil {
      layouts[index] = kept(layOut(index, order, starts, held, &claims, isWhole: true))
    }
  }

  /// The clusters that a file takes if it has no gap, as far as the volume goes.
  func contiguous(_ job: Job) -> ClusterRun {
    guard boot.contains(job.start) else { return ClusterRun(start: 2, count: 0) }
    let room = boot.clusterEnd &- job.start
    return ClusterRun(start: job.start, count: min(room, boot.clusters(for: job.entry.size)))
  }

  /// How well the first bytes of a file fit its name; see `ContentHint`.
  private func starting(_ job: Job) -> Double {
    ContentHint.start(job.entry, in: job.start, source, boot)
  }

  /// How well the last cluster of a file fits its size; see `ContentHint`.
  private func ending(_ job: Job, _ last: ClusterRun?) -> Double {
    guard let last, last.count > 0 else { return 0 }
    return ContentHint.ending(job.entry, in: last.end &- 1, source, boot)
  }

  /// Whether all of a run is free, unclaimed, and no other file's start.
  private func isWhole(_ run: ClusterRun, _ starts: ClusterSet, _ claims: inout Claims) -> Bool {
    guard run.count > 0 else { return false }
    claims.spend(run.count)
    return map.taken.first(from: run.start, below: run.end, member: true) == run.end
      && claims.set.first(from: run.start, below: run.end, member: true) == run.end
      && starts.first(from: run.start &+ 1, below: run.end, member: true) == run.end
  }

  /// Where the run of a file is not its own: skips what is in use, and what other deleted files
  /// have, unless they came later: then it is this one that was overwritten.
  ///
  /// - Parameter isWhole: nobody else started in its run; only an end that fits speaks against it.
  private mutating func layOut(
    _ index: Int, _ order: [Int], _ starts: ClusterSet,
    _ held: (starts: ClusterSet, claims: ClusterSet)?, _ claims: inout Claims, isWhole: Bool
  ) -> Layout {
    let job = jobs[index]
    guard boot.contains(job.start) else {
      return Layout(runs: [], evidence: [.brokenAt(0, problem: "no such first cluster")])
    }
    if !map.isFree(job.start), !isFormer || owner(of: job.start) != nil { return inUse(job) }
    let plain = layout(job, nil, &claims)
    // Files that all were there when their directories were lost have none of one another's clusters.
    let rival =
      job.entry.isDeleted
      ? laterRival(of: job, index, before: plain.runs.last?.end ?? job.start, order) : nil
    if visited.contains(job.start) || (rival == nil && claims.set.contains(job.start)) {
      return withoutOthers(job)
    }
    // Around what was in use, and around what other deleted files have. Where one of those came later
    // by its times, only an end that fits says that it had been there before.
    var chosen = plain
    var best = ending(job, plain.runs.last)
    for others in [held, (starts, claims.set)] {
      guard let others, rival == nil || best <= 0,
        let around = layout(job, others, &claims, whole: true)
      else { continue }
      let score = ending(job, around.runs.last)
      if rival == nil && !isWhole ? score >= best : score > 0 {
        chosen = around
        best = score
      }
    }
    chosen.runs.forEach { claims.add($0) }
    let gaps = ByteCount(chosen.skipped &* boot.clusterSize)
    return Layout(
      runs: chosen.runs.map { ($0, false) },
      evidence: [gaps > 0 ? .gapsSkipped(gaps) : .contiguityAssumed])
  }

  /// Another deleted file that starts among these clusters and was made after this one was written.
  private func laterRival(
    of job: Job, _ index: Int, before end: UInt32, _ order: [Int]
  ) -> Int? {
    guard
      let written = [job.entry.times.modified, job.entry.times.created].compactMap({ $0 }).max()
    else { return nil }
    var low = 0
    var high = order.count
    while low < high {
      let middle = (low + high) / 2
      if jobs[order[middle]].start < job.start { low = middle + 1 } else { high = middle }
    }
    for other in order[low...].prefix(256) {
      guard jobs[other].start < end else { return nil }
      if other != index, let created = jobs[other].entry.times.created, created > written {
        return other
      }
    }
    return nil
  }

  /// The clusters from a file's start on that are free and, where told so, not of `others`.
  private func layout(
    _ job: Job, _ others: (starts: ClusterSet, claims: ClusterSet)?, _ claims: inout Claims
  ) -> (runs: [ClusterRun], skipped: UInt64, count: UInt32) {
    let wanted = boot.clusters(for: job.entry.size)
    var runs: [ClusterRun] = []
    var count: UInt32 = 0
    var skipped: UInt64 = 0
    var at = job.start
    while count < wanted, at < boot.clusterEnd, runs.count < Self.runLimit, !claims.isSpent {
      let limit = at &+ min(wanted &- count, boot.clusterEnd &- at)
      let end = obstacle(from: at, below: limit, job.start, others)
      if end > at {
        runs.append(ClusterRun(start: at, count: end &- at))
        count &+= end &- at
      }
      claims.spend(64 &+ (end &- at))
      guard count < wanted else { break }
      let next = opening(from: end, others, &claims)
      skipped &+= UInt64(next &- end)
      at = next
    }
    return (runs, skipped, count)
  }

  /// The same, or nil where the volume has too few such clusters.
  private func layout(
    _ job: Job, _ others: (starts: ClusterSet, claims: ClusterSet), _ claims: inout Claims,
    whole: Bool
  ) -> (runs: [ClusterRun], skipped: UInt64, count: UInt32)? {
    let found = layout(job, others, &claims)
    return found.count == boot.clusters(for: job.entry.size) ? found : nil
  }

  static var runLimit: Int { 65_536 }

  /// The first cluster from `from` on that the file cannot have.
  private func obstacle(
    from: UInt32, below limit: UInt32, _ own: UInt32,
    _ others: (starts: ClusterSet, claims: ClusterSet)?
  ) -> UInt32 {
    var end = map.taken.first(from: from, below: limit, member: true)
    // A directory that still says so was not overwritten: the file went around it.
    end = visited.first(from: from, below: end, member: true)
    guard let others else { return end }
    end = others.claims.first(from: from, below: end, member: true)
    return others.starts.first(from: from == own ? from &+ 1 : from, below: end, member: true)
  }

  /// The first cluster from `from` on that the file can have.
  private func opening(
    from: UInt32, _ others: (starts: ClusterSet, claims: ClusterSet)?, _ claims: inout Claims
  ) -> UInt32 {
    var at = from
    while at < boot.clusterEnd, !claims.isSpent {
      let before = at
      at = map.taken.first(from: at, below: boot.clusterEnd, member: false)
      at = visited.first(from: at, below: boot.clusterEnd, member: false)
      if let others {
        at = others.claims.first(from: at, below: boot.clusterEnd, member: false)
        at = others.starts.first(from: at, below: boot.clusterEnd, member: false)
      }
      claims.spend(64 &+ (at &- before))
      if at == before { break }
    }
    return at
  }

  private func deletedFile(
    _ job: Job, _ runs: [(run: ClusterRun, isLost: Bool)], evidence: [Evidence]
  ) -> Finding {
    var evidence = self.evidence(of: job.entry, in: job.folder) + evidence
    if job.candidates > 1 { evidence.append(.startGuessed(candidates: job.candidates)) }
    let content = extents(of: runs, size: job.entry.size, &evidence)
    return finding(
      job.entry, folder: job.folder, origin: .undelete, content: content, evidence: evidence)
  }
}
