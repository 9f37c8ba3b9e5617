// SPDX-License-Identifier: Apache-2.0

/// The record of which ranges of a source were copied, skipped or found bad.
///
/// | Line                      | Fields                                                     |
/// |---------------------------|------------------------------------------------------------|
/// | `#` …                     | a comment                                                  |
/// | the first without a `#`   | current position, current status, current pass (optional)  |
/// | all others                | position, size, status                                     |
///
/// Numbers are decimal, hexadecimal (`0x`) or octal (`0`). The blocks follow each other without a
/// gap and never overlap.
///
/// - Source: GNU ddrescue 1.27 manual, "Mapfile structure".
package struct Mapfile: Sendable, Equatable {
  /// What is known of a range.
  package enum Status: UInt8, Sendable, CaseIterable, Comparable {
    case nonTried = 0x3F  // ?
    case nonTrimmed = 0x2A  // *
    case nonScraped = 0x2F  // /
    case bad = 0x2D  // -
    case finished = 0x2B  // +

    /// How bad it is: the longer a range was tried in vain, the worse.
    private var severity: Int {
      switch self {
      case .finished: 0
      case .nonTried: 1
      case .nonTrimmed: 2
      case .nonScraped: 3
      case .bad: 4
      }
    }

    /// Whether it is less bad.
    package static func < (left: Self, right: Self) -> Bool { left.severity < right.severity }
  }

  package struct Block: Sendable, Equatable {
    package let range: Range<ByteOffset>
    package let status: Status

    package init(_ range: Range<ByteOffset>, _ status: Status) {
      self.range = range
      self.status = status
    }
  }

  /// Where the copy stood, what it was doing (`?*/-FG+`), and in which pass.
  package var position: ByteOffset
  package var activity: UInt8
  package var pass: UInt64
  /// Sorted, adjacent, none of them empty.
  package internal(set) var blocks: [Block]

  /// - Parameter blocks: sorted and without overlap; gaps become non-tried.
  package init(
    blocks: [Block], position: ByteOffset = 0, activity: UInt8 = 0x3F, pass: UInt64 = 1
  ) throws(Malformed) {
    self.position = position
    self.activity = activity
    self.pass = pass
    self.blocks = []
    for block in blocks where !block.range.isEmpty {
      let end = self.blocks.last?.range.upperBound ?? block.range.lowerBound
      guard block.range.lowerBound >= end else {
        throw Malformed("mapfile", "blocks overlap", at: block.range.lowerBound)
      }
      if block.range.lowerBound > end { append(Block(end..<block.range.lowerBound, .nonTried)) }
      append(block)
    }
  }

  /// Adds a block right behind the last one; of the same status, it becomes part of it.
  mutating func append(_ block: Block) {
    if let last = blocks.last, last.status == block.status {
      blocks[blocks.count - 1] = Block(
        last.range.lowerBound..<block.range.upperBound, last.status)
    } else {
      blocks.append(block)
    }
  }

  /// The ranges of one status.
  package func ranges(_ status: Status) -> RangeSet<ByteOffset> {
    RangeSet(unsorted: blocks.filter { $0.status == status }.map(\.range))
  }

  /// What of a source this long was not read: all that is not finished, and all that the map does
  /// not mention.
  package func unread(of length: ByteCount) -> RangeSet<ByteOffset> {
    let whole = 0..<ByteOffset(length)
    let rest = RangeSet(whole).subtracting(ranges(.finished))
    return rest
  }
}
