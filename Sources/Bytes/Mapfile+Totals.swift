// SPDX-License-Identifier: Apache-2.0

extension Mapfile {
  /// How much of a map has one status.
  package struct Total: Sendable, Equatable {
    package internal(set) var count: ByteCount = 0
    package internal(set) var areas = 0
    /// The largest area, the first of several; nil where there is none.
    package internal(set) var largest: Range<ByteOffset>?

    package init() {}
  }

  /// From the first byte that the map mentions to the last.
  package var extent: Range<ByteOffset> {
    (blocks.first?.range.lowerBound ?? 0)..<(blocks.last?.range.upperBound ?? 0)
  }

  /// The totals of every status, also of those that nothing has.
  package var totals: [Status: Total] {
    var result = Dictionary(uniqueKeysWithValues: Status.allCases.map { ($0, Total()) })
    for block in blocks {
      var total = result[block.status] ?? Total()
      total.count = total.count.addingClamped(block.range.length)
      total.areas += 1
      if block.range.length > total.largest?.length ?? 0 { total.largest = block.range }
      result[block.status] = total
    }
    return result
  }

  /// Whether all that the map mentions is finished, and that is something.
  package var isRescued: Bool { blocks.first?.status == .finished && blocks.count == 1 }
}
