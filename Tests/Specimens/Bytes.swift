// SPDX-License-Identifier: Apache-2.0

/// Big-endian bytes of a number.
package func big<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
  withUnsafeBytes(of: value.bigEndian) { Array($0) }
}

/// Little-endian bytes of a number.
package func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

/// ASCII or UTF-8 bytes of a text, filled with zeros up to `count`.
package func ascii(_ text: String, padTo count: Int = 0) -> [UInt8] {
  let bytes = Array(text.utf8)
  return bytes + [UInt8](repeating: 0, count: max(0, count - bytes.count))
}

/// So many zeros.
package func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

/// Bytes that look like nothing, the same in each run.
package func junk(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  var random = Noise(state: seed)
  return random.bytes(count)
}

/// A generator with a fixed start.
package struct Noise: RandomNumberGenerator {
  package var state: UInt64
  package init(state: UInt64) { self.state = state }

  package mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }

  package mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 33) }
  }
}
