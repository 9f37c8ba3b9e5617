// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The units of a volume.
struct Geometry: Hashable, Sendable {
  /// What Windows makes at most: 2 MiB.
  static let largestCluster: UInt64 = 0x20_0000

  /// Bytes; a power of two.
  let clusterSize: UInt64
  let clusterCount: UInt64
  /// Bytes of a record of the MFT.
  let recordSize: Int

  /// The same units with another length of records.
  func with(recordSize: Int) -> Self {
    Self(clusterSize: clusterSize, clusterCount: clusterCount, recordSize: recordSize)
  }

  /// Clusters as bytes of the volume, or nil where no volume is that long.
  func range(of first: UInt64, count: UInt64) -> Range<ByteOffset>? {
    let (start, overflow) = first.multipliedReportingOverflow(by: clusterSize)
    let (length, tooLong) = count.multipliedReportingOverflow(by: clusterSize)
    guard !overflow, !tooLong else { return nil }
    return try? Range(at: ByteOffset(start), count: ByteCount(length))
  }
}
