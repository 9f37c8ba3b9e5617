// SPDX-License-Identifier: Apache-2.0

extension Mapfile {
  /// What two maps say together of what is finished.
  package enum Operation: Sendable, CaseIterable { case and, or, xor }

  /// This map, changed by what another one says is finished. What the other does not mention stays
  /// as it is; what was finished and is so no longer becomes bad, so that nothing else is lost.
  ///
  /// - Source: GNU ddrescue 1.27, `ddrescuelog --and-mapfile`, `--or-mapfile`, `--xor-mapfile`.
  package func combined(with other: Mapfile, by operation: Operation) -> Mapfile {
    var result = self
    result.blocks = []
    sweep(other) { range, mine, theirs in
      guard let mine else { return }
      result.append(Block(range, Self.status(mine, theirs, operation)))
    }
    return result
  }

  private static func status(_ mine: Status, _ theirs: Status?, _ operation: Operation) -> Status {
    guard let theirs else { return mine }
    return switch (operation, mine == .finished, theirs == .finished) {
    case (.and, true, false), (.xor, true, true): .bad
    case (.or, false, true), (.xor, false, true): .finished
    default: mine
    }
  }

  /// The map with finished and not finished exchanged: finished becomes bad, all else finished.
  ///
  /// - Source: GNU ddrescue 1.27, `ddrescuelog --invert-mapfile`.
  package var inverted: Mapfile {
    var result = self
    result.blocks = []
    for block in blocks {
      result.append(Block(block.range, block.status == .finished ? .bad : .finished))
    }
    return result
  }

  /// A range of which two maps say different things; nil where one says nothing.
  package struct Difference: Sendable, Equatable {
    package let range: Range<ByteOffset>
    package let mine: Status?
    package let theirs: Status?
  }

  /// Where this map and another one differ, in order; where they stood does not count.
  package func differences(from other: Mapfile) -> [Difference] {
    var result: [Difference] = []
    sweep(other) { range, mine, theirs in
      guard mine != theirs else { return }
      if let last = result.last, last.range.upperBound == range.lowerBound, last.mine == mine,
        last.theirs == theirs
      {
        result[result.count - 1] = Difference(
          range: last.range.lowerBound..<range.upperBound, mine: mine, theirs: theirs)
      } else {
        result.append(Difference(range: range, mine: mine, theirs: theirs))
      }
    }
    return result
  }

  /// Hands out the ranges within which neither map changes, in order.
  private func sweep(_ other: Mapfile, _ body: (Range<ByteOffset>, Status?, Status?) -> Void) {
    var position: ByteOffset = 0
    var mine = blocks[...]
    var theirs = other.blocks[...]
    while mine.first != nil || theirs.first != nil {
      let (own, ownEnd) = Self.state(at: position, mine.first)
      let (foreign, foreignEnd) = Self.state(at: position, theirs.first)
      let end = min(ownEnd, foreignEnd)
      if own != nil || foreign != nil { body(position..<end, own, foreign) }
      position = end
      if let first = mine.first, first.range.upperBound <= position { mine.removeFirst() }
      if let first = theirs.first, first.range.upperBound <= position { theirs.removeFirst() }
    }
  }

  /// What a block says at a position, and up to where; nil before it.
  private static func state(at position: ByteOffset, _ block: Block?) -> (Status?, ByteOffset) {
    guard let block else { return (nil, ByteOffset(.max)) }
    return position < block.range.lowerBound
      ? (nil, block.range.lowerBound) : (block.status, block.range.upperBound)
  }
}
