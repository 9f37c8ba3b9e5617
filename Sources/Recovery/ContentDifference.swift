// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where a file differs from what it should be, in bytes of the file.
package struct ContentDifference: Sendable, Equatable {
  /// Files that differ everywhere are not listed to their end.
  package static let mostRanges = 64

  /// Blocks of 512 bytes that hold a difference, joined, in order; the first begins, and the last of a
  /// file that was cut ends, at the very byte.
  package private(set) var ranges: [Range<ByteOffset>]
  /// Whether more differs than the ranges say.
  package private(set) var isCutShort = false

  /// The first byte that differs.
  package var first: ByteOffset { ranges.first?.lowerBound ?? 0 }

  init(_ range: Range<ByteOffset>) { ranges = [range] }

  /// Takes up a range behind all others.
  mutating func add(_ range: Range<ByteOffset>) {
    if let last = ranges.last, last.upperBound >= range.lowerBound {
      ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
    } else if ranges.count < Self.mostRanges {
      ranges.append(range)
    } else {
      isCutShort = true
    }
  }
}
