// SPDX-License-Identifier: Apache-2.0

/// Bits written one behind the other, the highest of each byte first.
struct SoundBits {
  private(set) var bytes: [UInt8] = []
  private var count = 0

  mutating func put(_ value: UInt64, _ width: Int) {
    for bit in stride(from: width - 1, through: 0, by: -1) {
      if count % 8 == 0 { bytes.append(0) }
      bytes[bytes.count - 1] |= UInt8(value >> UInt64(bit) & 1) << UInt8(7 - count % 8)
      count += 1
    }
  }
}
