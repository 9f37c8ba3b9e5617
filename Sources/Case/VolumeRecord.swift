// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a case keeps of a volume.
package struct VolumeRecord: Sendable, Equatable {
  package var number: UInt16
  /// The name of its folder below `files/`.
  package var folder: String
  package var kind: String
  package var label: String
  /// Where it starts on the medium.
  package var start: ByteOffset
  package var length: ByteCount
  package var clusterSize: ByteCount
  /// Whether its allocation map was read whole.
  package var isAllocationSound: Bool
  package var remarks: [String]
  /// False for a volume that no table lists any more, or that was formatted over: to its owner, all of
  /// its files are lost.
  package var isInForce: Bool

  package init(
    number: UInt16, folder: String, kind: String, label: String, start: ByteOffset,
    length: ByteCount, clusterSize: ByteCount, isAllocationSound: Bool, remarks: [String],
    isInForce: Bool = true
  ) {
    self.number = number
    self.folder = folder
    self.kind = kind
    self.label = label
    self.start = start
    self.length = length
    self.clusterSize = clusterSize
    self.isAllocationSound = isAllocationSound
    self.remarks = remarks
    self.isInForce = isInForce
  }
}
