// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension Walk {
  func liveEvidence(_ set: EntrySet, _ folder: Int) -> [Evidence] {
    set.checksumHolds ? [.listedAsLive, .metadataChecksumHolds("entry set")] : [.listedAsLive]
  }

  /// A file that the volume lists, with its content.
  mutating func liveFile(_ set: EntrySet, folder: Int) -> Finding {
    var evidence = liveEvidence(set, folder)
    let wanted = boot.clusters(for: set.size)
    var runs: [ClusterRun] = []
    if wanted > 0, boot.contains(set.start) {
      runs =
        set.isContiguous
        ? [ClusterRun(start: set.start, count: min(wanted, boot.clusterEnd &- set.start))]
        : table.chain(from: set.start, limit: wanted).runs
    }
    for run in runs { owners.append(Owner(run: run, folder: folder, set: set)) }
    let known = runs.reduce(UInt64(0)) { $0 &+ UInt64($1.count) &* boot.clusterSize }
    if known < set.size {
      evidence.append(.brokenAt(ByteOffset(known), problem: "the cluster chain ends early"))
    }
    let content = extents(of: runs.map { ($0, false) }, set, &evidence)
    return finding(set, folder: folder, origin: .live, content: content, evidence: evidence)
  }

  func finding(
    _ set: EntrySet, folder: Int, origin: Finding.Origin, content: [Extent], evidence: [Evidence]
  ) -> Finding {
    Finding(
      volume: number, origin: origin, folder: folders.path(of: folder), name: set.name,
      type: set.name.pathExtension, size: ByteCount(set.size), times: set.times,
      content: content, evidence: evidence, key: set.offset)
  }

  func folderFinding(_ set: EntrySet, in folder: Int, evidence: [Evidence]) -> Finding {
    Finding(
      volume: number, origin: evidence.first == .listedAsLive ? .live : .undelete, kind: .folder,
      folder: folders.path(of: folder), name: set.name, size: 0, times: set.times, content: [],
      evidence: evidence, key: set.offset)
  }

  /// The bytes of a file on the medium: its runs, cut to its valid size; what follows reads as
  /// zeros. What is lost is lost, and so is whatever the source does not hold.
  func extents(
    of runs: [(run: ClusterRun, isLost: Bool)], _ set: EntrySet, _ evidence: inout [Evidence]
  ) -> [Extent] {
    let space = ClusterSpace(source, start: boot.heapStart, clusterSize: boot.clusterSize)
    let (valid, beyond) = space.extents(of: runs, size: ByteCount(set.validSize))
    var content = valid
    if set.validSize < set.size {
      content.append(Extent(.hole, count: ByteCount(set.size &- set.validSize)))
    }
    if beyond > 0 { evidence.append(.beyondMedium(beyond)) }
    return content.coalesced
  }
}
