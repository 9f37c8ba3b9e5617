// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The 32-bit hash of LZ4 frames.
///
/// - Source: Y. Collet, *xxHash fast digest algorithm*, "XXH32 Algorithm Description".
package struct XXH32: Sendable {
  private static let primes: [UInt32] = [
    0x9E37_79B1, 0x85EB_CA77, 0xC2B2_AE3D, 0x27D4_EB2F, 0x1656_67B1,
  ]

  private var lanes: [UInt32]
  private var rest: [UInt8] = []
  private var length: UInt32 = 0
  private var isLong = false

  package init() {
    lanes = [Self.primes[0] &+ Self.primes[1], Self.primes[1], 0, 0 &- Self.primes[0]]
  }

  package mutating func update(_ bytes: [UInt8]) {
    length &+= UInt32(truncatingIfNeeded: bytes.count)
    var index = 0
    if !rest.isEmpty {
      index = min(16 - rest.count, bytes.count)
      rest += bytes[..<index]
      guard rest.count == 16 else { return }
      mix(rest, at: 0)
      rest = []
    }
    while index &+ 16 <= bytes.count {
      mix(bytes, at: index)
      index &+= 16
    }
    rest = Array(bytes[index...])
  }

  private mutating func mix(_ bytes: [UInt8], at index: Int) {
    isLong = true
    for lane in 0..<4 {
      let sum = lanes[lane] &+ Self.word(bytes, at: index &+ 4 &* lane) &* Self.primes[1]
      lanes[lane] = Self.rotate(sum, 13) &* Self.primes[0]
    }
  }

  package var value: UInt32 {
    var hash =
      isLong
      ? Self.rotate(lanes[0], 1) &+ Self.rotate(lanes[1], 7)
        &+ Self.rotate(lanes[2], 12) &+ Self.rotate(lanes[3], 18) : Self.primes[4]
    hash &+= length
    var index = 0
    while index &+ 4 <= rest.count {
      hash = Self.rotate(hash &+ Self.word(rest, at: index) &* Self.primes[2], 17) &* Self.primes[3]
      index &+= 4
    }
    for byte in rest[index...] {
      hash = Self.rotate(hash &+ UInt32(byte) &* Self.primes[4], 11) &* Self.primes[0]
    }
    hash = (hash ^ hash >> 15) &* Self.primes[1]
    hash = (hash ^ hash >> 13) &* Self.primes[2]
    return hash ^ hash >> 16
  }

  /// The hash of bytes in memory.
  package static func hash(_ bytes: [UInt8]) -> UInt32 {
    var hash = XXH32()
    hash.update(bytes)
    return hash.value
  }

  private static func word(_ bytes: [UInt8], at index: Int) -> UInt32 {
    UInt32(bytes[index]) | UInt32(bytes[index &+ 1]) << 8 | UInt32(bytes[index &+ 2]) << 16
      | UInt32(bytes[index &+ 3]) << 24
  }

  private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
    value << count | value >> (32 &- count)
  }
}
