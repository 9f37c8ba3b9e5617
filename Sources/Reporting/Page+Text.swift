// SPDX-License-Identifier: Apache-2.0

extension Page {
  /// The page as plain text, in lines of at most 78 characters where words allow.
  package func renderText(_ write: ([UInt8]) throws -> Void) throws {
    func put(_ lines: [String]) throws {
      try write(Array((lines.joined(separator: "\n") + "\n").utf8))
    }
    let heading = TerminalText.safe(title)
    try put([heading, String(repeating: "=", count: heading.count)] + lines(subtitle, 0))
    for section in sections {
      let heading = TerminalText.safe(section.title)
      try put(["", heading, String(repeating: "-", count: heading.count)])
      for block in section.blocks { try put(text(block)) }
    }
  }

  private static var width: Int { 78 }

  private func text(_ block: Block) -> [String] {
    switch block {
    case .paragraph(let text): lines(text, 0)
    case .facts(let facts):
      facts.flatMap { lines($0.name + language.pick(": ", "\u{202F}: ") + $0.value, 0) }
    case .table(let table): text(table)
    case .picture(_, let words): lines(words, 0)
    case .signatures(let names):
      names.flatMap { lines($0, 0) + ["", "  ______________________________", ""] }
    }
  }

  /// A row is a line where all fit, with columns below each other; else a column a line.
  private func text(_ table: Table) -> [String] {
    let rows = ([table.head] + table.rows).map { $0.map(TerminalText.safe) }
    let widths = table.head.indices.map { column in
      rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    let isBroken = table.rows.contains { $0.contains { $0.contains("\n") } }
    if !isBroken, widths.reduce(0, +) + 2 * widths.count <= Self.width {
      return rows.map { row in
        var line = ""
        for (column, cell) in row.enumerated() where widths.indices.contains(column) {
          let isNumber = table.numeric.contains(column)
          line +=
            (isNumber
              ? ListText.left(cell, widths[column]) : ListText.right(cell, widths[column])) + "  "
        }
        return String(line.reversed().drop { $0 == " " }.reversed())
      }
    }
    return table.rows.flatMap { row -> [String] in
      let cells = row.enumerated().filter { !$0.element.isEmpty }.map { column, cell in
        let name = table.head.indices.contains(column) ? table.head[column] : ""
        return name.isEmpty ? cell : name + language.pick(": ", "\u{202F}: ") + cell
      }
      return cells.enumerated().flatMap { index, cell in
        let broken = lines(cell, 2)
        return index == 0 ? ["- " + broken.joined(separator: "\n").dropFirst(2)] : broken
      }
    }
  }

  /// Lines of words behind a margin; a word that is longer than a line stays whole.
  private func lines(_ text: String, _ margin: Int) -> [String] {
    let indent = String(repeating: " ", count: margin)
    return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
      var result: [String] = []
      var current = indent
      for word in TerminalText.safe(String(line)).split(separator: " ") {
        if current.count > margin, current.count + 1 + word.count > Self.width {
          result.append(current)
          current = indent
        }
        current += (current.count > margin ? " " : "") + word
      }
      return result + [current]
    }
  }
}
