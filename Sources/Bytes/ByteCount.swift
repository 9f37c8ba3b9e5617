// SPDX-License-Identifier: Apache-2.0

/// A number of bytes: a size, a length, a distance.
@usableFromInline
package struct ByteCount: Hashable, Sendable, Comparable, ExpressibleByIntegerLiteral {
  @usableFromInline package let rawValue: UInt64

  @inlinable package init(_ rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable package init(integerLiteral value: UInt64) { rawValue = value }

  /// The length of something in memory, which is never negative.
  @inlinable package init(clamping count: Int) { rawValue = UInt64(clamping: count) }

  @inlinable package static func < (left: Self, right: Self) -> Bool {
    left.rawValue < right.rawValue
  }

  @inlinable package static func + (left: Self, right: Self) throws(Overflow) -> Self {
    let (sum, overflow) = left.rawValue.addingReportingOverflow(right.rawValue)
    if overflow { throw Overflow() }
    return Self(sum)
  }

  @inlinable package static func - (left: Self, right: Self) throws(Overflow) -> Self {
    let (difference, overflow) = left.rawValue.subtractingReportingOverflow(right.rawValue)
    if overflow { throw Overflow() }
    return Self(difference)
  }

  @inlinable package static func * (left: Self, right: UInt64) throws(Overflow) -> Self {
    let (product, overflow) = left.rawValue.multipliedReportingOverflow(by: right)
    if overflow { throw Overflow() }
    return Self(product)
  }

  /// The sum, or the largest count where no 64-bit number holds it: for totals that only inform.
  @inlinable package func addingClamped(_ other: Self) -> Self {
    (try? self + other) ?? Self(.max)
  }

  /// The difference, or zero where `other` is larger.
  @inlinable package func subtractingClamped(_ other: Self) -> Self {
    other.rawValue > rawValue ? 0 : Self(rawValue &- other.rawValue)
  }

  /// As an `Int` for memory, or throws `Overflow` above `limit`, so that no size read from a disk
  /// is ever allocated unchecked.
  @inlinable package func inMemory(limit: Int = Source.longestRead) throws(Overflow) -> Int {
    guard rawValue <= UInt64(clamping: limit) else { throw Overflow() }
    return Int(truncatingIfNeeded: rawValue)
  }
}
