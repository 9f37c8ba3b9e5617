// SPDX-License-Identifier: Apache-2.0

/// A position in a source or a medium, in bytes from its start.
@usableFromInline
package struct ByteOffset: Hashable, Sendable, Comparable, ExpressibleByIntegerLiteral {
  @usableFromInline package let rawValue: UInt64

  @inlinable package init(_ rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable package init(integerLiteral value: UInt64) { rawValue = value }

  /// The position that lies `count` bytes behind the start.
  @inlinable package init(_ count: ByteCount) { rawValue = count.rawValue }

  @inlinable package static func < (left: Self, right: Self) -> Bool {
    left.rawValue < right.rawValue
  }

  /// Moves forward by `count` bytes, or throws if no 64-bit offset is that far.
  @inlinable package static func + (offset: Self, count: ByteCount) throws(Overflow) -> Self {
    let (sum, overflow) = offset.rawValue.addingReportingOverflow(count.rawValue)
    if overflow { throw Overflow() }
    return Self(sum)
  }

  /// The distance from `right` up to `left`, or throws if `right` lies behind it.
  @inlinable package static func - (left: Self, right: Self) throws(Overflow) -> ByteCount {
    let (difference, overflow) = left.rawValue.subtractingReportingOverflow(right.rawValue)
    if overflow { throw Overflow() }
    return ByteCount(difference)
  }

  /// The position `count` bytes on, or the last one there is.
  @inlinable package func advancedClamped(by count: ByteCount) -> Self {
    (try? self + count) ?? Self(.max)
  }
}

extension Range<ByteOffset> {
  /// The number of bytes in the range; a range is never negative.
  @inlinable package var length: ByteCount {
    ByteCount(upperBound.rawValue &- lowerBound.rawValue)
  }

  /// `count` bytes from `start` on, or throws if no 64-bit offset is that far.
  @inlinable package init(at start: ByteOffset, count: ByteCount) throws(Overflow) {
    self = start..<(try start + count)
  }
}

extension RangeSet<ByteOffset> {
  /// The number of bytes in all ranges together.
  package var length: ByteCount {
    ranges.reduce(0) { $0.addingClamped($1.length) }
  }

  /// A set of ranges in any order, overlapping or not; built in one go, since inserting one by one
  /// in random order takes quadratic time.
  package init(unsorted ranges: [Range<ByteOffset>]) {
    self.init()
    var merged: [Range<ByteOffset>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
      if let last = merged.last, last.upperBound >= range.lowerBound {
        let end = Swift.max(last.upperBound, range.upperBound)
        merged[merged.count - 1] = last.lowerBound..<end
      } else {
        merged.append(range)
      }
    }
    for range in merged { insert(contentsOf: range) }
  }
}
