// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

/// The FAT: which cluster follows each one of files that have gaps. It says nothing of whether a
/// cluster is in use, and nothing of files that are contiguous.
///
/// - Source: Microsoft, *exFAT File System Specification* 1.00, 4 "File Allocation Table Region".
struct ChainTable {
  enum Entry: Equatable { case next(UInt32), end, none }

  private let source: Source
  private let boot: BootSector
  private var windows: [UInt64: [UInt8]] = [:]
  /// Steps along chains that may still be taken, so that hostile loops end.
  private var budget: UInt64

  private static let windowLength: UInt64 = 0x1_0000

  init(_ source: Source, _ boot: BootSector, clusterEnd: UInt32) {
    self.source = source
    self.boot = boot
    budget = UInt64(clusterEnd) &* 4 &+ 65_536
  }

  mutating func entry(of cluster: UInt32) -> Entry {
    guard boot.contains(cluster) else { return .none }
    let place = UInt64(cluster) &* 4
    let window = place / Self.windowLength
    if windows[window] == nil {
      if windows.count >= 256 { windows.removeAll(keepingCapacity: true) }
      let start = ByteOffset(boot.tableStart &+ window &* Self.windowLength)
      windows[window] =
        (try? source.readPrefix(at: start, count: ByteCount(Self.windowLength))) ?? []
    }
    let index = Int(truncatingIfNeeded: place % Self.windowLength)
    guard let value = try? windows[window]?.little(UInt32.self, at: index) else { return .none }
    if value >= 0xFFFF_FFF8 { return .end }
    return boot.contains(value) ? .next(value) : .none
  }

  /// The clusters of a chain, at most `limit`, and whether it ended where it should.
  mutating func chain(from start: UInt32, limit: UInt32) -> (runs: [ClusterRun], isWhole: Bool) {
    var runs: [ClusterRun] = []
    var cluster = start
    var count: UInt32 = 0
    while count < limit, boot.contains(cluster), budget > 0 {
      budget &-= 1
      count &+= 1
      if let last = runs.last, last.end == cluster {
        runs[runs.count - 1].count &+= 1
      } else {
        runs.append(ClusterRun(start: cluster, count: 1))
      }
      switch entry(of: cluster) {
      case .next(let next): cluster = next
      case .end: return (runs, count == limit || limit == .max)
      case .none: return (runs, false)
      }
    }
    return (runs, false)
  }
}
