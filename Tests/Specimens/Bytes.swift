// SPDX-License-Identifier: Apache-2.0

import Fixtures

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
