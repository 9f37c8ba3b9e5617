// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Bits of coded sound in memory, the highest of each byte first.
struct AudioBits {
  private let bytes: [UInt8]
  private var next: Int
  /// The bits that were fetched, at the top; zeros below.
  private var cache: UInt64 = 0
  private var count = 0

  init(_ bytes: [UInt8], from start: Int) {
    self.bytes = bytes
    next = start
  }

  /// The index of the byte that the next bit stands in.
  var index: Int { next &- count / 8 }

  /// Up to 32 bits as a number, or throws `Truncated` beyond the end.
  mutating func bits(_ width: Int) throws(Truncated) -> UInt32 {
    guard width > 0 else { return 0 }
    if count < width { try refill(width) }
    let value = UInt32(truncatingIfNeeded: cache >> UInt64(64 &- width))
    drop(width)
    return value
  }

  /// Passes over any number of bits.
  mutating func skip(_ width: Int) throws(Truncated) {
    var left = width
    while left > 0 {
      let step = min(left, 32)
      if count < step { try refill(step) }
      drop(step)
      left &-= step
    }
  }

  /// The number of zeros before the next one, at most `limit`.
  mutating func zeros(limit: Int) throws -> Int {
    var total = 0
    while true {
      if count == 0 { try refill(1) }
      let zeros = min(cache.leadingZeroBitCount, count)
      total &+= zeros
      if total > limit { throw Malformed("code", "a number is too long") }
      if zeros < count {
        drop(zeros &+ 1)
        return total
      }
      drop(zeros)
    }
  }

  /// Moves to the next byte's start; false where a bit passed over is set.
  mutating func align() -> Bool {
    let rest = count & 7
    let isClear = rest == 0 || cache >> UInt64(64 &- rest) == 0
    drop(rest)
    return isClear
  }

  private mutating func drop(_ width: Int) {
    cache = width >= 64 ? 0 : cache << UInt64(width)
    count &-= width
  }

  private mutating func refill(_ width: Int) throws(Truncated) {
    while count <= 56, next < bytes.count {
      cache |= UInt64(bytes[next]) << UInt64(56 &- count)
      next &+= 1
      count &+= 8
    }
    guard count >= width else { throw Truncated() }
  }
}
