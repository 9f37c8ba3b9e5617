// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How much the units of a picture differ in brightness from those above them: where a scan goes on with
/// foreign bytes that decode, a row's worth of them does.
///
/// What was left out between shifts the picture, and all that follows is too dark or too bright.
struct JPEGRows {
  /// A place on the way, and the mean difference over the row that ends there.
  private struct Mark {
    let offset: ByteOffset
    let mean: Int
  }

  private let columns: Int
  /// Brightness of the last `columns` units, and their differences, by column.
  private var above: [Int32]
  private var differences: [Int32]
  private var unit = 0
  private var sum = 0
  private var marks: [Mark] = []
  /// What was added since the state was taken up again: units, their differences, and the marks before.
  private var added: (units: Int, sum: Int, marks: Int)?

  /// Marks for each row.
  private static let density = 4
  /// Rows that tell what is usual.
  private static let usual = 16
  /// Differences that are nothing, in eighths of a level; and how many times the usual ones are a jump.
  private static let nothing = 64
  private static let jump = 4

  /// - Parameter columns: units in a row.
  init(columns: Int) {
    self.columns = max(1, columns)
    above = [Int32](repeating: 0, count: self.columns)
    differences = above
  }

  /// Whether the next unit deserves a mark.
  var isMarked: Bool { unit % max(1, columns / Self.density) == 0 && unit >= 2 * columns }

  mutating func mark(at offset: ByteOffset) {
    marks.append(Mark(offset: offset, mean: sum / columns))
  }

  /// - Parameter brightness: eight times the mean level of the unit, from its middle.
  mutating func add(_ brightness: Int) {
    let column = unit % columns
    let value = Int32(truncatingIfNeeded: brightness)
    let difference = unit < columns ? 0 : abs(value &- above[column])
    sum += Int(difference &- differences[column])
    differences[column] = difference
    above[column] = value
    unit += 1
    if let last = added, last.units < columns {
      added = (last.units + 1, last.sum + Int(difference), last.marks)
    }
  }

  /// From here on, what follows is compared with what came before.
  mutating func takeUp() { added = (0, 0, marks.count) }

  /// By how many times the row behind the place where the state was taken up differs more than is usual;
  /// nil where too little follows, or comes before.
  var strain: Float? {
    guard let added, added.units >= max(4, columns / 8) else { return nil }
    guard let usual = usual(before: added.marks) else { return nil }
    return Float(added.sum / added.units + Self.nothing) / Float(usual + Self.nothing)
  }

  /// Where the first row begins and ends that differs from the one above as nothing before did.
  var firstJump: Range<ByteOffset>? {
    for index in marks.indices {
      guard let usual = usual(before: index - Self.density),
        marks[index].mean > Self.jump * (usual + Self.nothing)
      else { continue }
      return marks[max(0, index - Self.density - 3)].offset..<marks[index].offset
    }
    return nil
  }

  /// The mean difference over the rows before a mark.
  private func usual(before index: Int) -> Int? {
    let first = max(0, index - Self.density * Self.usual)
    guard index - first >= Self.density else { return nil }
    return marks[first..<index].reduce(0) { $0 + $1.mean } / (index - first)
  }
}
