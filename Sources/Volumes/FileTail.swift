// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What the end of a file's last sector tells: systems fill it with zeros, since they write whole sectors.
package enum FileTail {
  /// How well a file of that size ends there: 4 where zeros follow the end and none stand before it, below
  /// 0 where something else follows, 0 where nothing can be told.
  ///
  /// - Parameters:
  ///   - cluster: where the file's last cluster starts in the source.
  ///   - sector: bytes of a sector; a cluster is some of them.
  package static func fit(
    size: UInt64, cluster: ByteOffset, clusterSize: UInt64, sector: UInt64, in source: Source
  ) -> Double {
    guard sector > 0, clusterSize >= sector else { return 0 }
    let tail = size % clusterSize
    let inSector = tail % sector
    guard inSector > 0, sector &- inSector >= 4, let end = Int(exactly: inSector),
      let bytes = try? source.read(
        at: cluster + ByteCount(tail &- inSector), count: ByteCount(sector))
    else { return 0 }
    let isZeroBehind = bytes.dropFirst(end).allSatisfy { $0 == 0 }
    guard isZeroBehind else { return -3 }
    return bytes.prefix(end).suffix(4).contains { $0 != 0 } ? 4 : 0
  }
}
