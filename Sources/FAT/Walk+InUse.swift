// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension Walk {
  /// A file whose first cluster is in use.
  mutating func inUse(_ job: Job) -> Layout {
    if owner(of: job.start) == nil, !visited.contains(job.start) { return unfreed(job) }
    return withoutOthers(job)
  }

  /// The clusters that a file takes if it has no gap; those that are in use are lost to it.
  func withoutOthers(_ job: Job) -> Layout {
    var layout = Layout(runs: [], evidence: [.contiguityAssumed])
    var lost: UInt64 = 0
    var name: String?
    for part in map.taken.parts(of: contiguous(job)) where layout.runs.count < Self.runLimit {
      layout.runs.append((part.run, part.isMember))
      guard part.isMember else { continue }
      lost &+= UInt64(part.run.count) &* boot.clusterSize
      name = name ?? owner(of: part.run.start).map { text($0.name, in: $0.folder) }
      name =
        name
        ?? folderOf[part.run.start].map { folders.path(of: $0).map(\.text).joined(separator: "/") }
    }
    if lost > 0 {
      layout.evidence.append(
        .overwritten(ByteCount(min(lost, UInt64(job.entry.size))), by: name ?? ""))
    }
    return layout
  }

  /// A file in use by nobody's account: its entry was deleted, its chain was not.
  private mutating func unfreed(_ job: Job) -> Layout {
    let runs = chain(from: job.start, size: job.entry.size)
    let known = runs.reduce(UInt64(0)) { $0 &+ UInt64($1.count) &* boot.clusterSize }
    var evidence: [Evidence] = [.blockListSurvived]
    if known < UInt64(job.entry.size) {
      evidence.append(.brokenAt(ByteOffset(known), problem: "the cluster chain ends early"))
    }
    let parts = runs.map { ($0, owner(of: $0.start) != nil || visited.contains($0.start)) }
    let foreign = parts.filter(\.1).map(\.0)
    if let first = foreign.first {
      let count = foreign.reduce(UInt64(0)) { $0 &+ UInt64($1.count) &* boot.clusterSize }
      let name = owner(of: first.start).map { text($0.name, in: $0.folder) } ?? ""
      evidence.append(
        .overwritten(ByteCount(min(count, UInt64(job.entry.size))), by: name))
    }
    return Layout(runs: parts, evidence: evidence)
  }

  /// The live file that has this cluster.
  func owner(of cluster: UInt32) -> Owner? {
    var low = 0
    var high = owners.count
    while low < high {
      let middle = (low + high) / 2
      if owners[middle].run.start <= cluster { low = middle + 1 } else { high = middle }
    }
    guard low > 0, owners[low - 1].run.end > cluster else { return nil }
    return owners[low - 1]
  }
}
