// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A mapfile as cells in rows, each showing the worst that it says of a range; as SVG, or as text for a
/// terminal.
package struct MapfilePicture {
  /// What a cell may show, from the least to the most notable.
  enum Content: Int, CellContent, Comparable {
    case outside, rescued, nonTried, nonTrimmed, nonScraped, bad

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    init(_ status: Mapfile.Status) {
      self =
        switch status {
        case .finished: .rescued
        case .nonTried: .nonTried
        case .nonTrimmed: .nonTrimmed
        case .nonScraped: .nonScraped
        case .bad: .bad
        }
    }
  }

  let cells: CellMap<Content>
  private let totals: [Mapfile.Status: Mapfile.Total]
  private let length: ByteCount

  /// A terminal's rows of a map, and those of a page.
  package static let terminalRows = 16
  private static let pageRows = 32

  /// - Parameters:
  ///   - columns: cells in a row; fewer where the map has fewer sectors.
  ///   - rows: at most so many.
  init(_ map: Mapfile, columns: Int, rows: Int) {
    length = ByteCount(map.extent.upperBound.rawValue)
    totals = map.totals
    let sectors = Int(clamping: max(1, length.rawValue / 512))
    let width = min(max(1, columns), sectors)
    var cells = CellMap(
      length: length, filledWith: Content.outside, columns: width,
      rows: min(max(1, rows), max(1, sectors / width)))
    for block in map.blocks { cells.update(block.range) { max($0, Content(block.status)) } }
    self.cells = cells
  }

  /// What the legend says of a fill: its word, and how much there is.
  private func words(_ content: Content, _ language: Language) -> String {
    guard let status = content.status else { return content.word(language) }
    let count = totals[status]?.count ?? 0
    let whole = totals.values.reduce(0 as ByteCount) { $0.addingClamped($1.count) }
    return content.word(language) + " " + language.size(count) + " ("
      + language.percent(count, of: whole) + ")"
  }
}

extension MapfilePicture {
  /// The map as a document of its own, with title, offsets and legend.
  package static func svg(_ map: Mapfile, title: String, _ language: Language) -> String {
    MapfilePicture(map, columns: 64, rows: pageRows).svg(title: title, language)
  }

  private func svg(title: String, _ language: Language) -> String {
    let side = CellMap<Content>.side
    let (left, top) = (90, 40)
    let width = max(cells.columns * side, 640)
    let bottom = top + cells.rows * side
    let legendRow = 22
    let height = bottom + 20 + legendRow * Content.allCases.count
    let label = language.pick("Map of the copy: ", "Carte de la copie : ") + title
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(left + width + 10) \(height)" \
      role="img" aria-label="\(HTMLText.escaped(label))" font-family="sans-serif" fill="#111">
      <title>\(HTMLText.escaped(label))</title>
      <defs>\(Self.patterns)</defs>
      <rect width="100%" height="100%" fill="#fff"/>
      <text x="8" y="22" font-size="16">\(HTMLText.escaped(label))</text>

      """
    for row in 0..<cells.rows {
      let offset = ByteCount(cells.offset(ofCell: row * cells.columns).rawValue)
      svg +=
        "<text x=\"\(left - 6)\" y=\"\(top + row * side + 11)\" font-size=\"10\" text-anchor=\"end\">"
        + "\(HTMLText.escaped(language.size(offset)))</text>\n"
    }
    svg += cells.rectangles(left: left, top: top)
    for (row, content) in Content.allCases.reversed().enumerated() {
      let y = bottom + 14 + row * legendRow
      svg +=
        "<rect x=\"\(left)\" y=\"\(y)\" width=\"12\" height=\"12\" fill=\"\(content.fill)\" "
        + "stroke=\"#444\"/><text x=\"\(left + 20)\" y=\"\(y + 11)\" font-size=\"12\">"
        + "\(HTMLText.escaped(words(content, language)))</text>\n"
    }
    return svg + "</svg>\n"
  }

  private static let patterns = """
    <pattern id="t" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" \
    fill="#fff2cc"/><circle cx="3" cy="3" r="1" fill="#7f6000"/></pattern>\
    <pattern id="s" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" \
    fill="#f4b183"/><path d="M0 4L4 0" stroke="#7a2e00"/></pattern>
    """
}

extension MapfilePicture {
  /// The map as lines of text with offsets and legend.
  ///
  /// - Parameter width: of the terminal, in characters.
  package static func text(
    _ map: Mapfile, width: Int, isColored: Bool, _ language: Language
  ) -> String {
    let columns = max(16, min(width, 1000) - labelWidth - 1)
    return MapfilePicture(map, columns: columns, rows: terminalRows).text(isColored, language)
  }

  private static let labelWidth = 9

  private func text(_ isColored: Bool, _ language: Language) -> String {
    var lines: [String] = []
    for row in 0..<cells.rows {
      let first = row * cells.columns
      let label = language.size(ByteCount(cells.offset(ofCell: first).rawValue))
      lines.append(
        ListText.left(label, Self.labelWidth) + " "
          + strip(cells.cells[first..<first + cells.columns], isColored))
    }
    for content in Content.allCases.reversed() where content != .outside {
      lines.append("  \(strip([content], isColored)) \(words(content, language))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Cells as characters; those of one kind share their colour's switch.
  private func strip(_ cells: ArraySlice<Content>, _ isColored: Bool) -> String {
    var text = ""
    var last: Content?
    for content in cells {
      if isColored, content != last { text += "\u{1B}[\(content.color)m" }
      text.append(content.character)
      last = content
    }
    return isColored ? text + "\u{1B}[0m" : text
  }
}

extension MapfilePicture.Content {
  var status: Mapfile.Status? {
    switch self {
    case .outside: nil
    case .rescued: .finished
    case .nonTried: .nonTried
    case .nonTrimmed: .nonTrimmed
    case .nonScraped: .nonScraped
    case .bad: .bad
    }
  }

  var fill: String {
    switch self {
    case .outside: "#ffffff"
    case .rescued: "#8fc98f"
    case .nonTried: "#d9d9d9"
    case .nonTrimmed: "url(#t)"
    case .nonScraped: "url(#s)"
    case .bad: "#b00020"
    }
  }

  /// What stands for it where there is no colour: damage as mapfiles mark it, but for the bad.
  var character: Character {
    switch self {
    case .outside: " "
    case .rescued: "·"
    case .nonTried: "?"
    case .nonTrimmed: "*"
    case .nonScraped: "/"
    case .bad: "X"
    }
  }

  /// The parameters of the terminal's colour.
  var color: String {
    switch self {
    case .outside: "0"
    case .rescued: "0;32"
    case .nonTried: "0;90"
    case .nonTrimmed: "0;33"
    case .nonScraped: "0;35"
    case .bad: "0;1;41;97"
    }
  }

  func word(_ language: Language) -> String {
    status.map(language.word) ?? language.pick("not in the map", "hors de la carte")
  }
}
