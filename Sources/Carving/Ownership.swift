// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings

/// Decides, in order of offset, which carved files stand: a byte belongs to at most one whole file.
///
/// What starts inside a whole file is its child. A broken file owns nothing: a whole file that
/// starts inside it stands as well, another broken one does not.
package struct Ownership: Sendable {
  private var whole = RangeSet<ByteOffset>()
  private var brokenEnd: ByteOffset = 0
  private var children = Set<ByteOffset>()

  package init() {}

  /// Takes up what an earlier run of the same job had already accepted.
  package init(whole: RangeSet<ByteOffset>) { self.whole = whole }

  /// Whether a file that starts here could still stand.
  package func isFree(_ offset: ByteOffset) -> Bool {
    !children.contains(offset) && !whole.contains(offset)
  }

  /// Whether no broken file reaches to `offset` or beyond, so that the whole files alone decide
  /// what is free from there on.
  package func isSettled(at offset: ByteOffset) -> Bool {
    brokenEnd <= offset && children.allSatisfy { $0 < offset }
  }

  /// Accepts or refuses the next file; files must come in order of offset.
  package mutating func accept(_ file: Carved) -> Bool {
    guard isFree(file.start) else { return false }
    if file.isComplete {
      let ranges = Self.owned(of: file.content, file.examination.evidence)
      if ranges.contains(where: { whole.intersects($0) }) { return false }
      for range in ranges { whole.insert(contentsOf: range) }
      return true
    }
    for child in file.examination.children {
      if let place = Self.place(of: child.range.lowerBound, in: file.content) {
        children.insert(place)
      }
    }
    guard file.isKept, file.start >= brokenEnd else { return false }
    // What tables alone say belongs to it may be others' just as well.
    if let end = file.content.last?.range?.upperBound,
      !Assembly.byTables.contains(file.format.id)
    {
      brokenEnd = end
    }
    children = children.filter { $0 > file.start }
    return true
  }

  /// What a whole file owns: all of it, but where nothing tells its payload from foreign bytes, what lies
  /// behind a gap is a guess, and others may stand there.
  package static func owned(
    of content: [Extent], _ evidence: [Evidence]
  ) -> [Range<ByteOffset>] {
    let ranges = content.mediumRanges
    return evidence.contains(.payloadUnchecked) && !evidence.contains(.blockListSurvived)
      ? Array(ranges.prefix(1)) : ranges
  }

  /// Where a position in a file lies on the medium.
  private static func place(of position: ByteOffset, in content: [Extent]) -> ByteOffset? {
    var start: ByteOffset = 0
    for extent in content {
      let end = start.advancedClamped(by: extent.count)
      if position < end, let range = extent.range {
        return range.lowerBound.advancedClamped(by: (start..<max(position, start)).length)
      }
      start = end
    }
    return nil
  }
}

extension RangeSet<ByteOffset> {
  /// Whether any byte of `range` is in the set: a binary search, where the set algebra of the
  /// standard library would walk the whole set.
  package func intersects(_ range: Range<ByteOffset>) -> Bool {
    let ranges = ranges
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].lowerBound < range.upperBound
  }
}
