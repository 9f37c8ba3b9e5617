// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

/// What the FAT says of all clusters: in use, free, or not known.
struct ClusterMap: Sendable {
  /// In use, bad or unknown: everything that is not free.
  private(set) var taken: ClusterSet
  /// Bad, or covered by no readable part of the FAT.
  private(set) var unknown: ClusterSet
  /// Those that a chain leads to.
  private(set) var followers: ClusterSet

  /// - Parameter isFormer: whether the FAT is that of a volume which is no longer in force: what it
  ///   does not tell is then free.
  init(_ source: Source, _ boot: BootSector, isFormer: Bool) {
    taken = ClusterSet(end: boot.clusterEnd)
    unknown = ClusterSet(end: boot.clusterEnd)
    followers = ClusterSet(end: isFormer ? boot.clusterEnd : 0)
    let table = AllocationTable(source, boot, isFormer: isFormer)
    var first: UInt32 = 0
    while first < boot.clusterEnd {
      let end = min(boot.clusterEnd, first &+ table.perWindow)
      if let window = table.window(first / table.perWindow) {
        for cluster in max(2, first)..<max(2, end) {
          let entry = table.decode(window, at: Int(cluster &- first))
          if !isFormer || entry != .unknown { note(entry, cluster) }
        }
      } else if !isFormer {
        let run = ClusterRun(start: first, count: end &- first)
        taken.insert(run)
        unknown.insert(run)
      }
      first = end
    }
  }

  private mutating func note(_ entry: AllocationTable.Entry, _ cluster: UInt32) {
    if entry == .free { return }
    taken.insert(cluster)
    if case .next(let next) = entry { followers.insert(next) }
    if entry == .bad || entry == .unknown { unknown.insert(cluster) }
  }

  func isFree(_ cluster: UInt32) -> Bool { cluster < taken.end && !taken.contains(cluster) }
}
