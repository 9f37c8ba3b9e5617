// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The bytes of the medium that a carved file may consist of: what no volume uses and no trusted
/// finding claims.
package struct CarvingSpace: Sendable {
  private let ranges: [Range<ByteOffset>]
  private let defects: [Range<ByteOffset>]
  private let medium: Source

  /// A candidate crosses at most this many gaps, so that a shattered volume stays affordable.
  private static let mostPieces = 512

  /// - Parameters:
  ///   - medium: the whole medium.
  ///   - defects: what could not be read; it reads as zeros while a candidate is examined.
  package init(
    on medium: Source, space: RangeSet<ByteOffset>, defects: RangeSet<ByteOffset> = RangeSet()
  ) {
    self.medium = medium
    ranges = Array(space.ranges)
    self.defects = Array(defects.ranges)
  }

  package var length: ByteCount { ranges.reduce(0) { $0.addingClamped($1.length) } }

  /// Whether a file may start at `offset`.
  package func contains(_ offset: ByteOffset) -> Bool {
    index(at: offset, in: ranges).map { ranges[$0].contains(offset) } ?? false
  }

  /// The extents from `offset` on, at most `limit` bytes: what is in use lies between them.
  package func extents(from offset: ByteOffset, limit: ByteCount) -> [Extent] {
    guard var index = index(at: offset, in: ranges) else { return [] }
    var rest = limit
    var result: [Extent] = []
    while index < ranges.count, rest > 0, result.count < Self.mostPieces {
      let start = max(ranges[index].lowerBound, offset)
      let taken = min((start..<ranges[index].upperBound).length, rest)
      result.append(Extent(.medium(start), count: taken))
      rest = rest.subtractingClamped(taken)
      index += 1
    }
    return result
  }

  /// What there is from `offset` on, in order.
  func pieces(from offset: ByteOffset) -> AnyIterator<Range<ByteOffset>> {
    var index = index(at: offset, in: ranges) ?? ranges.count
    return AnyIterator {
      guard index < ranges.count else { return nil }
      defer { index += 1 }
      return ranges[index]
    }
  }

  /// What there is before `offset`, from there backwards.
  func pieces(before offset: ByteOffset) -> AnyIterator<Range<ByteOffset>> {
    var index = index(at: offset, in: ranges) ?? ranges.count
    if index < ranges.count, ranges[index].lowerBound < offset { index += 1 }
    return AnyIterator {
      guard index > 0 else { return nil }
      index -= 1
      return ranges[index]
    }
  }

  /// A source of `extents` in which defects read as zeros.
  package func readable(_ extents: [Extent], name: String) -> Source {
    medium.joined(defects.isEmpty ? extents : extents.flatMap(withHoles), name: name)
  }

  /// The same source, with a count of what is read of it.
  func metered(
    _ extents: [Extent], name: String, start: ByteOffset?, allowance: UInt64
  ) -> (file: Source, meter: MeteredMedium?) {
    let meter = medium.medium.map { MeteredMedium($0, start: start, allowance: allowance) }
    let pieces = defects.isEmpty ? extents : extents.flatMap(withHoles)
    return (Source(meter, extents: pieces, name: name), meter)
  }

  /// How much of `extents` could not be read.
  package func unreadable(in extents: [Extent]) -> ByteCount {
    guard !defects.isEmpty else { return 0 }
    return extents.flatMap(withHoles).reduce(0) {
      $1.place == .hole ? $0.addingClamped($1.count) : $0
    }
  }

  private func withHoles(_ extent: Extent) -> [Extent] {
    guard let range = extent.range, var index = index(at: range.lowerBound, in: defects)
    else { return [extent] }
    var result: [Extent] = []
    var position = range.lowerBound
    while index < defects.count, defects[index].lowerBound < range.upperBound {
      let bad = defects[index].clamped(to: position..<range.upperBound)
      result.append(Extent(position..<bad.lowerBound))
      result.append(Extent(.hole, count: bad.length))
      position = bad.upperBound
      index += 1
    }
    result.append(Extent(position..<range.upperBound))
    return result.filter { $0.count > 0 }
  }

  /// The index of the first range that ends behind `offset`; nil if there is none.
  private func index(at offset: ByteOffset, in ranges: [Range<ByteOffset>]) -> Int? {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound <= offset { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count ? low : nil
  }
}
