// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// Directories that no live directory lists: clusters that start with `.` and `..`, and clusters
/// that look like their continuations.
///
/// - Source: trials on volumes with deleted trees; three signs tell which directory a later
///   cluster belongs to: a long name split across the two, a subdirectory it names whose `..` is
///   the first cluster, and its number, which follows the last file of the cluster before.
struct LostDirectories {
  /// First cluster to parent, as the directory itself says.
  private(set) var parents: [UInt32: UInt32] = [:]
  /// The same first clusters by the low 16 bits of their numbers, in order.
  private(set) var byLow: [UInt16: [UInt32]] = [:]
  private(set) var next: [UInt32: UInt32] = [:]
  private(set) var continuations: [UInt32] = []

  /// - Parameter taken: clusters in use, where no lost directory is.
  init(
    _ source: Source, _ boot: BootSector, taken: ClusterSet, visited: ClusterSet,
    landmarks: [Landmark]
  ) {
    var pages: [UInt32: DirectoryPage] = [:]
    let isLarge = boot.kind == .fat32
    func look(_ cluster: UInt32, _ bytes: RawSpan, at offset: Int) -> Bool {
      guard DirectoryPage.isPlausible(bytes, at: offset, count: Int(boot.clusterSize)),
        let copy = try? bytes.copy(at: offset, count: Int(boot.clusterSize))
      else { return false }
      if let dots = DotEntries(parsing: copy, isLarge: isLarge) {
        guard dots.own == cluster else { return false }
        parents[cluster] = dots.parent
      } else if bytes.holds([0x2E], at: offset) {
        return false
      } else {
        continuations.append(cluster)
      }
      pages[cluster] = DirectoryPage(parsing: copy, boot)
      return true
    }
    func scan(_ range: Range<UInt32>) {
      var cluster = range.lowerBound
      while cluster < range.upperBound {
        cluster = taken.first(from: cluster, below: range.upperBound, member: false)
        let most = UInt32(clamping: max(1, 0x10_0000 / boot.clusterSize))
        let limit = min(range.upperBound, cluster.addingReportingOverflow(most).partialValue)
        guard cluster < limit else { return }
        let end = taken.first(from: cluster, below: limit, member: true)
        let from = ByteOffset(boot.offset(of: cluster))
        let to = min(ByteOffset(boot.offset(of: end)), source.range.upperBound)
        guard from < to else { return }
        _ = try? source.withBytes(in: from..<to) { bytes in
          var offset = 0
          var at = cluster
          while at < end, offset + Int(boot.clusterSize) <= bytes.byteCount {
            if !visited.contains(at), pages[at] == nil { _ = look(at, bytes, at: offset) }
            offset += Int(boot.clusterSize)
            at &+= 1
          }
        }
        cluster = end
      }
    }
    let marked = Self.clusters(of: landmarks, source, boot)
    var foreign = marked.others
    for cluster in marked.own where !visited.contains(cluster) && pages[cluster] == nil {
      let start = ByteOffset(boot.offset(of: cluster))
      let isOne = try? source.withBytes(in: Range(at: start, count: ByteCount(boot.clusterSize))) {
        look(cluster, $0, at: 0)
      }
      if isOne != true { foreign += 1 }
    }
    let length = UInt64(boot.clusterEnd) &* boot.clusterSize
    if length <= Self.fullScan {
      scan(2..<boot.clusterEnd)
    } else {
      // On large volumes only what lies behind full directories is read, within a budget.
      var budget = Self.scanBudget
      let reach = UInt32(clamping: Self.reach / boot.clusterSize)
      for cluster in pages.keys.sorted() {
        guard let page = pages[cluster], page.isFull else { continue }
        var starts = [cluster]
        if let low = page.following {
          let value = (cluster & 0xFFFF_0000) | UInt32(low)
          starts.append(value)
        }
        for start in starts where boot.contains(start) && budget >= Self.reach {
          budget &-= Self.reach
          scan(start..<min(boot.clusterEnd, start.addingReportingOverflow(reach).partialValue))
        }
      }
    }
    for cluster in parents.keys.sorted() {
      byLow[UInt16(truncatingIfNeeded: cluster), default: []].append(cluster)
    }
    continuations.sort()
    link(pages)
    // Most directories here are those of a volume with other clusters, which tells of them itself.
    if foreign > 2, foreign > parents.count {
      let linked = Set(next.values)
      continuations.removeAll { !linked.contains($0) }
    }
  }

  private static let fullScan: UInt64 = 512 << 20
  private static let scanBudget: UInt64 = 512 << 20
  private static let reach: UInt64 = 1 << 20

  /// The clusters in which landmarks of this kind lie, in order, and how many lie amid a cluster.
  private static func clusters(
    of landmarks: [Landmark], _ source: Source, _ boot: BootSector
  ) -> (own: [UInt32], others: Int) {
    guard boot.dataStart < source.length.rawValue,
      let extents = try? source.onMedium(ByteOffset(boot.dataStart)..<source.range.upperBound)
    else { return ([], 0) }
    var clusters: [UInt32] = []
    var others = 0
    var position: UInt64 = 0
    for extent in extents {
      if let range = extent.range {
        var low = 0
        var high = landmarks.count
        while low < high {
          let middle = (low + high) / 2
          if landmarks[middle].offset < range.lowerBound { low = middle + 1 } else { high = middle }
        }
        while low < landmarks.count, landmarks[low].offset < range.upperBound {
          let landmark = landmarks[low]
          low += 1
          let skip = position &+ (landmark.offset.rawValue &- range.lowerBound.rawValue)
          guard landmark.kind == .fatDirectory else { continue }
          if skip % boot.clusterSize == 0,
            let cluster = UInt32(exactly: skip / boot.clusterSize &+ 2), boot.contains(cluster)
          {
            clusters.append(cluster)
          } else {
            others += 1
          }
        }
      }
      position = position &+ extent.count.rawValue
    }
    return (clusters, others)
  }

  /// Joins clusters into directories, surest signs first; each search looks at a bounded number.
  private mutating func link(_ pages: [UInt32: DirectoryPage]) {
    var anchors: [UInt32: UInt32] = [:]
    for cluster in continuations {
      for low in pages[cluster]?.folders ?? [] {
        let named = (byLow[low] ?? []).filter {
          parents[$0].map { $0 == 0 || parents[$0] != nil } ?? false
        }
        if let only = named.first, named.count == 1 { anchors[cluster] = parents[only] }
      }
    }
    let full = pages.keys.sorted().filter { pages[$0]?.isFull ?? false }
    var headOf: [UInt32: UInt32] = [:]
    var joined: Set<UInt32> = []
    for round in 0..<4 {
      var open: [UInt32] = []
      var index = 0
      for other in continuations {
        // Clusters before this one that want to go on; a tree is written from the inside out, so
        // the one begun last is the first to ask.
        while index < full.count, full[index] < other {
          if next[full[index]] == nil { open.append(full[index]) }
          index += 1
        }
        guard !joined.contains(other), let behind = pages[other] else { continue }
        for place in open.indices.suffix(Self.searchLimit).reversed() {
          let cluster = open[place]
          guard let page = pages[cluster] else { continue }
          let head = headOf[cluster] ?? cluster
          if let anchor = anchors[other], anchor != head { continue }
          let weight = page.fit(before: behind) + (anchors[other] == nil ? 0 : 1)
          let follows = page.following == UInt16(truncatingIfNeeded: other)
          let isTaken =
            switch round {
            case 0: weight > 1 && follows
            case 1: weight > 1
            case 2: weight == 1 && follows
            default: weight > 0
            }
          guard isTaken else { continue }
          next[cluster] = other
          joined.insert(other)
          headOf[other] = head
          open.remove(at: place)
          break
        }
      }
    }
  }

  private static let searchLimit = 256
}
