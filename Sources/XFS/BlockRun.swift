// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A part of a file and the blocks that hold it, as a 128-bit record of an extent list says.
///
///     1 bit   reserved but never written: reads as zeros
///     54 bits first block of the part, counted in the file
///     52 bits first block on the volume
///     21 bits number of blocks
///
/// - Source: *XFS Algorithms & Data Structures*, "Extent List".
struct BlockRun: Hashable, Sendable {
  let isUnwritten: Bool
  let logical: UInt64
  let physical: UInt64
  let count: UInt64

  static let byteCount = 16

  /// No file has more blocks than a size of 63 bits takes, with the smallest blocks there are.
  private static let mostBlocks: UInt64 = 1 << 54

  /// Reads the record at `offset`; throws `Truncated`.
  init(_ bytes: [UInt8], at offset: Int) throws(Truncated) {
    let high = try bytes.big(UInt64.self, at: offset)
    let low = try bytes.big(UInt64.self, at: offset + 8)
    isUnwritten = high >> 63 == 1
    logical = high >> 9 & (Self.mostBlocks - 1)
    physical = (high & 0x1FF) << 43 | low >> 21
    count = low & 0x1F_FFFF
  }

  init(logical: UInt64, physical: UInt64, count: UInt64, isUnwritten: Bool = false) {
    self.logical = logical
    self.physical = physical
    self.count = count
    self.isUnwritten = isUnwritten
  }

  /// The block behind the part, counted in the file.
  var end: UInt64 { logical + count }

  /// Whether the run can be: some blocks, of one group, within the largest file.
  func isSound(in geometry: Geometry) -> Bool {
    end <= UInt64.max >> 1 / geometry.blockSize
      && geometry.range(ofBlock: physical, count: count) != nil
  }
}
