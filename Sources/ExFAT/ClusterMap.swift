// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

/// What the allocation bitmap says of all clusters: in use, free, or not known.
///
/// - Source: Microsoft, *exFAT File System Specification* 1.00, 7.1 "Allocation Bitmap Directory
///   Entry": one bit for each cluster from the second on, the lowest bit first.
struct ClusterMap: Sendable {
  /// In use or unknown: everything that is not free.
  private(set) var taken: ClusterSet
  /// What no readable part of the bitmap covers.
  private(set) var unknown: ClusterSet

  /// - Parameters:
  ///   - end: one behind the last cluster that the source holds.
  ///   - bitmap: where the bitmap lies; nil where the root does not tell.
  init(_ source: Source, _ boot: BootSector, end: UInt32, bitmap: [ClusterRun]?) {
    taken = ClusterSet(end: end)
    unknown = ClusterSet(end: end)
    var cluster: UInt32 = 2
    for run in bitmap ?? [] {
      let length = UInt64(run.count) &* boot.clusterSize
      var done: UInt64 = 0
      while done < length, cluster < end {
        let count = min(length &- done, 0x10_0000)
        let start = ByteOffset(boot.offset(of: run.start) &+ done)
        let covered = UInt32(clamping: min(count &* 8, UInt64(end &- cluster)))
        if let bytes = try? source.read(at: start, count: ByteCount(count)) {
          note(bytes, from: cluster, count: covered)
        } else {
          let part = ClusterRun(start: cluster, count: covered)
          taken.insert(part)
          unknown.insert(part)
        }
        cluster &+= covered
        done &+= count
      }
    }
    guard cluster < end else { return }
    let rest = ClusterRun(start: cluster, count: end &- cluster)
    taken.insert(rest)
    unknown.insert(rest)
  }

  private mutating func note(_ bytes: [UInt8], from cluster: UInt32, count: UInt32) {
    var index: UInt32 = 0
    for byte in bytes where index < count {
      if byte == 0xFF {
        taken.insert(ClusterRun(start: cluster &+ index, count: min(8, count &- index)))
      } else if byte != 0 {
        for bit in 0..<min(8, count &- index) where byte >> UInt8(bit) & 1 == 1 {
          taken.insert(cluster &+ index &+ bit)
        }
      }
      index &+= 8
    }
  }
}
