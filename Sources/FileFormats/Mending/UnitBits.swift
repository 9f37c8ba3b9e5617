// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The bits of a unit of H.264 or H.265, without the bytes that keep start codes out of it.
///
/// - Source: ITU-T H.264 (08/2021), §7.2 "Specification of syntax functions", §9.1 "Parsing process for
///   Exp-Golomb codes".
struct UnitBits {
  private let bytes: [UInt8]
  private var position = 0

  /// - Parameter unit: from its first byte on; a beginning will do.
  init(_ unit: [UInt8], skipping head: Int) {
    var plain: [UInt8] = []
    plain.reserveCapacity(unit.count)
    var zeros = 0
    for byte in unit.dropFirst(head) {
      if zeros >= 2, byte == 3 {
        zeros = 0
        continue
      }
      zeros = byte == 0 ? zeros + 1 : 0
      plain.append(byte)
    }
    bytes = plain
  }

  mutating func bit() throws(Truncated) -> Bool { try bits(1) == 1 }

  /// Up to 32 bits as a number.
  mutating func bits(_ width: Int) throws(Truncated) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<max(0, min(width, 32)) {
      guard position / 8 < bytes.count else { throw Truncated() }
      value = value << 1 | UInt32(bytes[position / 8] >> UInt8(7 - position % 8) & 1)
      position += 1
    }
    return value
  }

  mutating func skip(_ width: Int) throws(Truncated) {
    guard width >= 0, width <= bytes.count * 8 - position else { throw Truncated() }
    position += width
  }

  /// A number in the code of Exp-Golomb.
  mutating func number() throws(Truncated) -> UInt32 {
    var zeros = 0
    while try !bit() {
      zeros += 1
      guard zeros < 32 else { throw Truncated() }
    }
    return try (UInt32(1) << UInt32(zeros)) - 1 + bits(zeros)
  }

  /// A number no larger than `limit`, or throws `Truncated`.
  mutating func number(upTo limit: UInt32) throws(Truncated) -> UInt32 {
    let value = try number()
    guard value <= limit else { throw Truncated() }
    return value
  }
}
