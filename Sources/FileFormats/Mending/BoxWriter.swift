// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Puts boxes of ISO media together, in memory.
struct BoxWriter {
  private(set) var bytes: [UInt8] = []

  init() {}

  mutating func put<T: FixedWidthInteger>(_ value: T) {
    var shift = T.bitWidth - 8
    while shift >= 0 {
      bytes.append(UInt8(truncatingIfNeeded: value >> T(shift)))
      shift -= 8
    }
  }

  mutating func put(_ more: [UInt8]) { bytes += more }

  mutating func put(zeros count: Int) { bytes += [UInt8](repeating: 0, count: count) }

  /// A box of a type, around what `body` puts.
  mutating func box(_ type: String, _ body: (inout Self) -> Void) {
    var inner = Self()
    body(&inner)
    put(UInt32(clamping: inner.bytes.count + 8))
    put(Array(type.utf8))
    put(inner.bytes)
  }

  /// The same, with a version and flags before it.
  mutating func full(
    _ type: String, version: UInt8 = 0, flags: UInt32 = 0, _ body: (inout Self) -> Void
  ) {
    box(type) {
      $0.put(UInt32(version) << 24 | flags)
      body(&$0)
    }
  }
}
