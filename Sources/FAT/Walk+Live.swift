// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension Walk {
  /// A file that the volume lists, with its content along the chain.
  mutating func liveFile(_ entry: DirectoryEntry, folder: Int) -> Finding {
    var evidence: [Evidence] = [.listedAsLive]
    if entry.hasLongName { evidence.append(.metadataChecksumHolds("long name")) }
    if folders.isPlaceUnknown(folder) { evidence.append(.parentUnknown) }
    let runs = entry.size > 0 ? chain(from: entry.start, size: entry.size) : []
    for (index, run) in runs.enumerated() {
      owners.append(
        Owner(run: run, folder: folder, name: entry.name, size: entry.size, isFirst: index == 0))
    }
    let content = extents(of: runs.map { ($0, false) }, size: entry.size, &evidence)
    let known = runs.reduce(UInt64(0)) { $0 &+ UInt64($1.count) &* boot.clusterSize }
    if known < UInt64(entry.size) {
      evidence.append(.brokenAt(ByteOffset(known), problem: "the cluster chain ends early"))
    }
    return finding(entry, folder: folder, origin: .live, content: content, evidence: evidence)
  }

  /// The clusters of a file along its chain, as many as its size needs and the budget allows.
  mutating func chain(from start: UInt32, size: UInt32) -> [ClusterRun] {
    var runs: [ClusterRun] = []
    var cluster = start
    var rest = boot.clusters(for: size)
    while rest > 0, boot.contains(cluster), chainBudget > 0 {
      let entry = table.entry(of: cluster)
      if entry == .free || entry == .bad { break }
      chainBudget &-= 1
      rest &-= 1
      if let last = runs.last, last.end == cluster {
        runs[runs.count - 1].count &+= 1
      } else {
        runs.append(ClusterRun(start: cluster, count: 1))
      }
      guard case .next(let next) = entry else { break }
      cluster = next
    }
    return runs
  }

  func finding(
    _ entry: DirectoryEntry, folder: Int, origin: Finding.Origin, content: [Extent],
    evidence: [Evidence]
  ) -> Finding {
    Finding(
      volume: number, origin: origin, folder: folders.path(of: folder), name: entry.name,
      type: entry.name.pathExtension, size: ByteCount(UInt64(entry.size)), times: entry.times,
      content: content, evidence: evidence, key: entry.offset)
  }

  func folderFinding(
    _ entry: DirectoryEntry, in folder: Int, origin: Finding.Origin, evidence: [Evidence]
  ) -> Finding {
    Finding(
      volume: number, origin: origin, kind: .folder,
      folder: folders.path(of: folder), name: entry.name, size: 0, times: entry.times, content: [],
      evidence: evidence, key: entry.offset)
  }

  /// The bytes of a file on the medium: its runs, cut to its size. What is lost is lost, and so is
  /// whatever the source does not hold.
  func extents(
    of runs: [(run: ClusterRun, isLost: Bool)], size: UInt32, _ evidence: inout [Evidence]
  ) -> [Extent] {
    let space = ClusterSpace(source, start: boot.dataStart, clusterSize: boot.clusterSize)
    let (content, beyond) = space.extents(of: runs, size: ByteCount(UInt64(size)))
    if beyond > 0 { evidence.append(.beyondMedium(beyond)) }
    return content.coalesced
  }
}
