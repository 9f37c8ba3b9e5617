// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Ranges of the medium in order, each with the number of its owner (an inode, a record): asked what
/// lies in a range.
package struct Occupancy: Sendable {
  package typealias Part = (range: Range<ByteOffset>, owner: UInt64)

  /// Stands for an owner that is not known by number.
  package static let nobody = UInt64.max
  /// More parts of one range are not told apart, so that hostile ranges end.
  private static let mostParts = 0x1_0000

  private let ranges: [Part]
  /// Where the furthest of the ranges up to each one ends.
  private let reaches: [ByteOffset]

  /// - Parameter owned: in any order; they may overlap.
  package init(_ owned: [Part]) {
    ranges = owned.sorted { ($0.range.lowerBound, $0.owner) < ($1.range.lowerBound, $1.owner) }
    var reach: ByteOffset = 0
    reaches = ranges.map {
      reach = max(reach, $0.range.upperBound)
      return reach
    }
  }

  /// Ranges of which no more is known than that they are occupied.
  package init(_ ranges: RangeSet<ByteOffset>) {
    self.init(ranges.ranges.map { ($0, Self.nobody) })
  }

  /// Parts of `range` that are occupied, with their owners.
  package func overlaps(_ range: Range<ByteOffset>) -> [Part] {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if reaches[middle] <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    var result: [Part] = []
    while low < ranges.count, ranges[low].range.lowerBound < range.upperBound,
      result.count < Self.mostParts
    {
      let part = ranges[low].range.clamped(to: range)
      if !part.isEmpty { result.append((part, ranges[low].owner)) }
      low += 1
    }
    return result
  }

  /// How much of `range` is occupied, where the ranges do not overlap one another.
  package func length(in range: Range<ByteOffset>) -> ByteCount {
    overlaps(range).reduce(0) { $0.addingClamped($1.range.length) }
  }
}
