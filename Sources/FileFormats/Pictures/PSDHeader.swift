// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The header of a Photoshop document.
struct PSDHeader {
  let isLarge: Bool
  let channels: UInt64
  let height: UInt64
  let width: UInt64
  let depth: UInt64

  init(parsing head: [UInt8]) throws {
    isLarge = try head.big(UInt16.self, at: 4) == 2
    channels = UInt64(try head.big(UInt16.self, at: 12))
    height = UInt64(try head.big(UInt32.self, at: 14))
    width = UInt64(try head.big(UInt32.self, at: 18))
    depth = UInt64(try head.big(UInt16.self, at: 22))
    guard (1...99).contains(channels), (1...300_000).contains(height),
      (1...300_000).contains(width), [1, 8, 16, 32].contains(depth),
      try head.big(UInt16.self, at: 24) <= 9
    else { throw Malformed("PSD", "an impossible header", at: 12) }
  }

  /// The bytes in one row of one channel.
  var rowLength: UInt64 { (width &* depth &+ 7) / 8 }
}
