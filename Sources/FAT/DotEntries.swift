// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The first two entries of every directory but the root: itself and its parent.
struct DotEntries: Equatable {
  let own: UInt32
  /// 0 where the parent is the root.
  let parent: UInt32

  /// Nil unless both entries stand at the start of `bytes`.
  init?(parsing bytes: [UInt8], isLarge: Bool) {
    guard bytes.holds(Array(".          ".utf8), at: 0),
      bytes.holds(Array("..         ".utf8), at: 32), bytes.count >= 64,
      bytes[11] & 0x10 != 0, bytes[43] & 0x10 != 0,
      let low = try? bytes.little(UInt16.self, at: 0x1A),
      let high = try? bytes.little(UInt16.self, at: 0x14),
      let parentLow = try? bytes.little(UInt16.self, at: 0x3A),
      let parentHigh = try? bytes.little(UInt16.self, at: 0x34)
    else { return nil }
    own = UInt32(low) | (isLarge ? UInt32(high) << 16 : 0)
    parent = UInt32(parentLow) | (isLarge ? UInt32(parentHigh) << 16 : 0)
  }
}
