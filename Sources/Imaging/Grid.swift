// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The unit in which a disk is read where it fails: positions that are multiples of it.
struct Grid: Sendable, Equatable {
  let unit: ByteCount

  /// A smallest step of at least `least` bytes that is a multiple of a sector.
  init(sector: ByteCount, atLeast least: ByteCount = 0) {
    let sector = max(sector.rawValue, 1)
    let steps = max(1, least.rawValue / sector + (least.rawValue % sector > 0 ? 1 : 0))
    let (unit, overflow) = sector.multipliedReportingOverflow(by: steps)
    self.unit = ByteCount(overflow ? sector : unit)
  }

  func down(_ offset: ByteOffset) -> ByteOffset {
    ByteOffset(offset.rawValue - offset.rawValue % unit.rawValue)
  }

  func up(_ offset: ByteOffset) -> ByteOffset {
    let down = down(offset)
    return down == offset ? down : down.advancedClamped(by: unit)
  }

  /// What lies in `range` of the block that holds its byte `offset`.
  func block(at offset: ByteOffset, in range: Range<ByteOffset>) -> Range<ByteOffset> {
    let start = down(offset)
    return (start..<start.advancedClamped(by: unit)).clamped(to: range)
  }

  /// About the first `count` bytes of a range, at least one block, up to a multiple of the unit.
  func first(_ count: ByteCount, of range: Range<ByteOffset>) -> Range<ByteOffset> {
    let end = down(range.lowerBound.advancedClamped(by: max(count, unit)))
    let least = down(range.lowerBound).advancedClamped(by: unit)
    return range.lowerBound..<min(range.upperBound, max(end, least))
  }

  /// About the last `count` bytes of a range, at least one block, from a multiple of the unit on.
  func last(_ count: ByteCount, of range: Range<ByteOffset>) -> Range<ByteOffset> {
    let start = up(range.upperBound.retreated(by: max(count, unit)))
    let least = down(range.upperBound.retreated(by: 1))
    return max(range.lowerBound, min(start, least))..<range.upperBound
  }

  /// How many blocks a range touches.
  func blocks(in range: Range<ByteOffset>) -> Double {
    Double((up(range.upperBound).rawValue - down(range.lowerBound).rawValue) / unit.rawValue)
  }
}

extension ByteOffset {
  /// Moves back by `count` bytes, at most to the start.
  func retreated(by count: ByteCount) -> Self {
    Self(ByteCount(rawValue).subtractingClamped(count))
  }
}
