// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What the cells of a map may show: a fill of SVG, and a word for the legend.
protocol CellContent: Hashable, CaseIterable {
  var fill: String { get }
  func word(_ language: Language) -> String
}

/// A medium as a strip of cells in rows, drawn as inline SVG with its legend in words.
struct CellMap<Content: CellContent> {
  let columns: Int
  let rows: Int
  private let length: ByteCount
  private(set) var cells: [Content]

  /// The side of a cell in SVG.
  static var side: Int { 14 }

  init(length: ByteCount, filledWith content: Content, columns: Int = 64, rows: Int = 8) {
    self.length = length
    self.columns = max(1, columns)
    self.rows = max(1, rows)
    cells = Array(repeating: content, count: self.columns * self.rows)
  }

  /// The cells that show some byte of `range`.
  func indices(of range: Range<ByteOffset>) -> ClosedRange<Int>? {
    guard length > 0, !range.isEmpty else { return nil }
    let first = cell(at: range.lowerBound.rawValue)
    let last = cell(at: range.upperBound.rawValue - 1)
    return first <= last ? first...last : nil
  }

  private func cell(at offset: UInt64) -> Int {
    guard offset < length.rawValue else { return cells.count - 1 }
    let product = offset.multipliedFullWidth(by: UInt64(clamping: cells.count))
    // No cell is beyond the last one, since offset < length.
    return Int(clamping: length.rawValue.dividingFullWidth(product).quotient)
  }

  /// The first byte that a cell shows.
  func offset(ofCell index: Int) -> ByteOffset {
    let product = length.rawValue.multipliedFullWidth(by: UInt64(clamping: index))
    let cells = UInt64(clamping: cells.count)
    guard product.high < cells else { return ByteOffset(length) }
    let (quotient, remainder) = cells.dividingFullWidth(product)
    return ByteOffset(quotient &+ (remainder > 0 ? 1 : 0))
  }

  /// Replaces what the cells of `range` show by what `change` makes of it.
  mutating func update(_ range: Range<ByteOffset>, _ change: (Content) -> Content) {
    guard let indices = indices(of: range) else { return }
    for index in indices { cells[index] = change(cells[index]) }
  }

  mutating func set(_ content: Content, at index: Int) {
    if cells.indices.contains(index) { cells[index] = content }
  }

  func svg(title: String, definitions: String = "", _ language: Language) -> String {
    let width = columns * Self.side
    let legendTop = rows * Self.side + 12
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(legendTop + 20)" role="img" \
      aria-label="\(HTMLText.escaped(title))">
      <defs>\(definitions)</defs>

      """ + rectangles(left: 0, top: 0)
        + legend(left: 0, top: legendTop, width: width) { $0.word(language) } + "</svg>\n"
  }

  /// The cells; neighbours of one kind become one rectangle.
  func rectangles(left: Int, top: Int) -> String {
    var svg = ""
    for row in 0..<rows {
      var column = 0
      while column < columns {
        let content = cells[row * columns + column]
        var end = column + 1
        while end < columns, cells[row * columns + end] == content { end += 1 }
        svg +=
          "<rect x=\"\(left + column * Self.side)\" y=\"\(top + row * Self.side)\" "
          + "width=\"\((end - column) * Self.side)\" "
          + "height=\"\(Self.side - 1)\" fill=\"\(content.fill)\"/>\n"
        column = end
      }
    }
    return svg
  }

  /// What the fills mean, side by side.
  func legend(left: Int, top: Int, width: Int, _ words: (Content) -> String) -> String {
    var svg = ""
    var left = left
    for content in Content.allCases {
      svg +=
        "<rect x=\"\(left)\" y=\"\(top)\" width=\"12\" height=\"12\" fill=\"\(content.fill)\" stroke=\"#444\"/>"
      svg +=
        "<text x=\"\(left + 17)\" y=\"\(top + 10)\" font-size=\"12\">\(HTMLText.escaped(words(content)))</text>\n"
      left += width / Content.allCases.count
    }
    return svg
  }
}
