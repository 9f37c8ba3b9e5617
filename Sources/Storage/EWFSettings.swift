// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How an E01 image is written.
package struct EWFSettings: Sendable {
  package enum Compression: Sendable, CaseIterable {
    case none
    case fast
    case best

    /// libdeflate's level; nil for none.
    var level: Int32? {
      switch self {
      case .none: nil
      case .fast: 1
      case .best: 9
      }
    }

    /// As the volume section says it.
    var mark: UInt8 {
      switch self {
      case .none: 0
      case .fast: 1
      case .best: 2
      }
    }
  }

  package var compression: Compression
  /// The most that a segment file may hold: 1.4 GiB unless told, at least 1 MiB. The last one may
  /// be larger by its list of errors.
  package var segmentSize: ByteCount
  package var metadata: EWFMetadata
  /// Seconds since 1970.
  package var date: Int64
  package var workers: Int

  package init(
    compression: Compression = .fast, segmentSize: ByteCount = 0x5999_9999,
    metadata: EWFMetadata = EWFMetadata(), date: Int64 = 0, workers: Int = 2
  ) {
    self.compression = compression
    self.segmentSize = max(segmentSize, 0x10_0000)
    self.metadata = metadata
    self.date = date
    self.workers = max(1, workers)
  }
}
