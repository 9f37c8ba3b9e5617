// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What the FAT says of all clusters: in use, free, or not known.
struct ClusterMap: Sendable {
  /// In use, bad or unknown: everything that is not free.
  private(set) var taken: ClusterSet
  /// Bad, or covered by no readable part of the FAT.
  private(set) var unknown: ClusterSet

  init(_ source: Source, _ boot: BootSector) {
    taken = ClusterSet(end: boot.clusterEnd)
    unknown = ClusterSet(end: boot.clusterEnd)
    var table = AllocationTable(source, boot)
    for cluster in 2..<boot.clusterEnd {
      switch table.entry(of: cluster) {
      case .free: break
      case .bad, .unknown:
        taken.insert(cluster)
        unknown.insert(cluster)
      case .end, .next: taken.insert(cluster)
      }
    }
  }

  func isFree(_ cluster: UInt32) -> Bool { cluster < taken.end && !taken.contains(cluster) }
}
