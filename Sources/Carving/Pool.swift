// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The blocks that no trusted file owns: what pieces of broken files may be taken from.
struct Pool: Sendable {
  let grid: BlockGrid
  private(set) var space: CarvingSpace
  private let medium: Source
  private let defects: RangeSet<ByteOffset>
  private var free: RangeSet<ByteOffset>

  init(
    on medium: Source, free: RangeSet<ByteOffset>, defects: RangeSet<ByteOffset>, grid: BlockGrid
  ) {
    self.medium = medium
    self.free = free
    self.defects = defects
    self.grid = grid
    space = CarvingSpace(on: medium, space: free, defects: defects)
  }

  /// Takes out what has found its owner, and the rest of its last blocks.
  mutating func take(_ ranges: [Range<ByteOffset>]) {
    guard !ranges.isEmpty else { return }
    free.subtract(
      RangeSet(unsorted: ranges.map { grid.last($0.lowerBound)..<grid.next($0.upperBound) }))
    space = CarvingSpace(on: medium, space: free, defects: defects)
  }

  /// The same pool without some ranges.
  func without(_ ranges: [Range<ByteOffset>]) -> Pool {
    var pool = self
    pool.take(ranges)
    return pool
  }

  /// The extents from `offset` on, at most `limit` bytes, without what `head` holds.
  func extents(from offset: ByteOffset, limit: ByteCount, head: [Range<ByteOffset>]) -> [Extent] {
    var result = space.extents(from: offset, limit: limit)
    for range in head {
      guard result.contains(where: { $0.range?.overlaps(range) ?? false }) else { continue }
      result = result.flatMap { extent -> [Extent] in
        guard let whole = extent.range, whole.overlaps(range) else { return [extent] }
        return [
          whole.lowerBound..<max(whole.lowerBound, range.lowerBound),
          min(whole.upperBound, grid.next(range.upperBound))..<whole.upperBound,
        ].filter { !$0.isEmpty }.map { Extent($0) }
      }
    }
    return result
  }

  /// At most `count` starts of blocks at or behind `offset`, nearest first.
  func blocks(from offset: ByteOffset, count: Int) -> [ByteOffset] {
    var result: [ByteOffset] = []
    let extents = space.pieces(from: offset)
    while result.count < count, let range = extents.next() {
      var start = grid.next(max(range.lowerBound, offset))
      while start < range.upperBound, result.count < count {
        result.append(start)
        start = start.advancedClamped(by: ByteCount(grid.size))
      }
    }
    return result
  }

  /// At most `count` starts of blocks before `offset`, nearest first.
  func blocks(before offset: ByteOffset, count: Int) -> [ByteOffset] {
    var result: [ByteOffset] = []
    let extents = space.pieces(before: offset)
    while result.count < count, let range = extents.next() {
      var place = min(range.upperBound, offset)
      while result.count < count, place > range.lowerBound {
        let start = grid.last(ByteOffset(place.rawValue - 1))
        guard start >= range.lowerBound else { break }
        result.append(start)
        place = start
      }
    }
    return result
  }
}
