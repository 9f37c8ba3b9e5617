// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Ranges of the medium in order, each with the record that owns it: asked what lies in a range.
struct Occupancy {
  private let ranges: [(range: Range<ByteOffset>, owner: UInt64)]
  /// Where the furthest of the ranges up to each one ends.
  private let reaches: [ByteOffset]

  /// - Parameter owned: in any order.
  init(_ owned: [(range: Range<ByteOffset>, owner: UInt64)]) {
    ranges = owned.sorted { ($0.range.lowerBound, $0.owner) < ($1.range.lowerBound, $1.owner) }
    var reach: ByteOffset = 0
    reaches = ranges.map {
      reach = max(reach, $0.range.upperBound)
      return reach
    }
  }

  /// Parts of `range` that are occupied, with their owners.
  func overlaps(_ range: Range<ByteOffset>) -> [(range: Range<ByteOffset>, owner: UInt64)] {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if reaches[middle] <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    var result: [(range: Range<ByteOffset>, owner: UInt64)] = []
    while low < ranges.count, ranges[low].range.lowerBound < range.upperBound, result.count < 1024 {
      let part = ranges[low].range.clamped(to: range)
      if !part.isEmpty { result.append((part, ranges[low].owner)) }
      low += 1
    }
    return result
  }
}
