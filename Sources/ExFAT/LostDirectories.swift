// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

/// Clusters that no live directory has and that hold entry sets whose checksum holds.
struct LostDirectories {
  /// The clusters, in order.
  private(set) var clusters: [UInt32] = []
  /// Those that a directory named in one of them has: they are reached from there.
  private(set) var named: ClusterSet

  private static let most = 1_000_000

  init(_ walk: Walk, landmarks: [Landmark]) {
    named = ClusterSet(end: walk.clusterEnd)
    var found: Set<UInt32> = []
    for start in Self.clusters(of: landmarks, walk) {
      var cluster = start
      // What lies behind a directory's cluster may be its next one, beginning amid a set.
      while found.count < Self.most, cluster < walk.clusterEnd, !walk.visited.contains(cluster),
        !found.contains(cluster)
      {
        let sets = Self.sets(in: cluster, walk)
        guard !sets.isEmpty else { break }
        found.insert(cluster)
        for set in sets where set.isDirectory && set.start != cluster {
          let count = min(4096, walk.boot.clusters(for: set.size))
          guard walk.boot.contains(set.start), count > 0 else { continue }
          // A directory with gaps is followed by its chain, and known by its first cluster.
          let length = set.isContiguous ? count : 1
          named.insert(
            ClusterRun(start: set.start, count: min(length, walk.boot.clusterEnd &- set.start)))
        }
        cluster &+= 1
      }
    }
    clusters = found.sorted()
  }

  private static func sets(in cluster: UInt32, _ walk: Walk) -> [EntrySet] {
    let place = walk.boot.offset(of: cluster)
    // The last set may reach into the next cluster.
    let count = min(walk.boot.clusterSize, 0x40_0000) &+ UInt64(EntrySet.longest)
    guard let bytes = try? walk.source.readPrefix(at: ByteOffset(place), count: ByteCount(count))
    else { return [] }
    var parser = DirectoryParser(upcase: walk.upcase)
    parser.parse(bytes, at: place)
    parser.finish()
    return parser.sets.filter {
      $0.checksumHolds && $0.hashHolds != false
        && $0.offset &- place < walk.boot.clusterSize
    }
  }

  /// The clusters in which landmarks of this kind lie, in order.
  private static func clusters(of landmarks: [Landmark], _ walk: Walk) -> [UInt32] {
    guard let extents = try? walk.source.onMedium(walk.source.range) else { return [] }
    var clusters: [UInt32] = []
    var position: UInt64 = 0
    for extent in extents {
      if let range = extent.range {
        for landmark in landmarks
        where landmark.kind == .exfatEntrySet && range.contains(landmark.offset) {
          let skip = landmark.offset.rawValue &- range.lowerBound.rawValue
          guard let cluster = walk.boot.cluster(at: position &+ skip),
            clusters.last != cluster
          else { continue }
          clusters.append(cluster)
        }
      }
      position = position &+ extent.count.rawValue
    }
    return clusters
  }
}
