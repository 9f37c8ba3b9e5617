// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What the cells of a map may show: a fill of SVG, and a word for the legend.
protocol CellContent: Hashable, CaseIterable {
  var fill: String { get }
  func word(_ language: Language) -> String
}

/// A medium as a strip of cells in rows, drawn as inline SVG with its legend in words.
struct CellMap<Content: CellContent> {
  private static var columns: Int { 64 }
  private static var rows: Int { 8 }
  private let length: ByteCount
  private(set) var cells: [Content]

  init(length: ByteCount, filledWith content: Content) {
    self.length = length
    cells = Array(repeating: content, count: Self.columns * Self.rows)
  }

  /// The cells that show some byte of `range`.
  func indices(of range: Range<ByteOffset>) -> ClosedRange<Int>? {
    guard length > 0, !range.isEmpty else { return nil }
    let first = cell(at: range.lowerBound.rawValue)
    let last = cell(at: range.upperBound.rawValue - 1)
    return first <= last ? first...last : nil
  }

  private func cell(at offset: UInt64) -> Int {
    let share = Double(offset) / Double(length.rawValue)
    return min(max(0, Int(share * Double(cells.count))), cells.count - 1)
  }

  /// Replaces what the cells of `range` show by what `change` makes of it.
  mutating func update(_ range: Range<ByteOffset>, _ change: (Content) -> Content) {
    for index in indices(of: range) ?? 0...0 where indices(of: range) != nil {
      cells[index] = change(cells[index])
    }
  }

  mutating func set(_ content: Content, at index: Int) {
    if cells.indices.contains(index) { cells[index] = content }
  }

  func svg(title: String, definitions: String = "", _ language: Language) -> String {
    let size = 14
    let width = Self.columns * size
    let legendTop = Self.rows * size + 12
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(legendTop + 20)" role="img" \
      aria-label="\(HTMLText.escaped(title))">
      <defs>\(definitions)</defs>

      """
    for row in 0..<Self.rows {
      // Neighbours of one kind become one rectangle.
      var column = 0
      while column < Self.columns {
        let content = cells[row * Self.columns + column]
        var end = column + 1
        while end < Self.columns, cells[row * Self.columns + end] == content { end += 1 }
        svg +=
          "<rect x=\"\(column * size)\" y=\"\(row * size)\" width=\"\((end - column) * size)\" "
          + "height=\"\(size - 1)\" fill=\"\(content.fill)\"/>\n"
        column = end
      }
    }
    var left = 0
    for content in Content.allCases {
      svg +=
        "<rect x=\"\(left)\" y=\"\(legendTop)\" width=\"12\" height=\"12\" fill=\"\(content.fill)\" stroke=\"#444\"/>"
      svg +=
        "<text x=\"\(left + 17)\" y=\"\(legendTop + 10)\" font-size=\"12\">\(HTMLText.escaped(content.word(language)))</text>\n"
      left += width / Content.allCases.count
    }
    return svg + "</svg>\n"
  }
}
