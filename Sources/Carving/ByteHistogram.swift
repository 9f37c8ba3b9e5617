// SPDX-License-Identifier: Apache-2.0

/// How often each byte value but zero occurs.
struct ByteHistogram {
  private var counts = [Double](repeating: 0, count: 256)

  init(_ bytes: [UInt8]) {
    for byte in bytes where byte != 0 { counts[Int(byte)] += 1 }
  }

  /// The cosine of the angle between both: 1 for the same shares, 0 for none in common.
  func likeness(to other: Self) -> Double {
    var (product, left, right) = (0.0, 0.0, 0.0)
    for value in 1..<256 {
      product += counts[value] * other.counts[value]
      left += counts[value] * counts[value]
      right += other.counts[value] * other.counts[value]
    }
    return left * right > 0 ? product / (left * right).squareRoot() : 0
  }
}
