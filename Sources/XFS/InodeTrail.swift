// SPDX-License-Identifier: Apache-2.0

/// What the log tells of an inode number: which lives it had, one behind the other.
struct InodeTrail: Sendable {
  private struct Mark: Sendable {
    let generation: UInt32
    /// Whether a name led to it.
    let isLinked: Bool
    let moment: UInt64
  }

  private var marks: [Mark] = []

  /// Older lives than these are forgotten.
  private static let most = 32

  /// Notes a state; states must come in order.
  mutating func add(_ generation: UInt32, isLinked: Bool, at moment: UInt64) {
    if let last = marks.last, last.generation == generation, last.isLinked == isLinked { return }
    if marks.count == Self.most { marks.removeFirst() }
    marks.append(Mark(generation: generation, isLinked: isLinked, moment: moment))
  }

  /// From the record in which a life began, if that is known, to the one in which it was over.
  func span(of generation: UInt32) -> Range<UInt64> {
    guard
      let first = marks.firstIndex(where: { $0.generation == generation && $0.isLinked }),
      let last = marks.lastIndex(where: { $0.generation == generation && $0.isLinked })
    else { return 0..<UInt64.max }
    let start = first > 0 ? marks[first].moment : 0
    let end = last + 1 < marks.count ? marks[last + 1].moment : UInt64.max
    // Where both are in one record, what that one says is as much as there is.
    return start..<max(start, end == start ? start.addingReportingOverflow(1).partialValue : end)
  }

  /// When the life lay after which an inode was left free as its place still shows it: before all that is
  /// told here, unless that state is among it.
  func span(beforeFreed generation: UInt32) -> Range<UInt64> {
    guard let first = marks.first, !marks.contains(where: { $0.generation == generation }) else {
      return 0..<UInt64.max
    }
    return 0..<first.moment
  }

  /// Whether the last state is another life's, or one to which no name led any more.
  func isOver(_ generation: UInt32) -> Bool {
    marks.last.map { $0.generation != generation || !$0.isLinked } ?? false
  }
}
