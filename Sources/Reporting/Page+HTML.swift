// SPDX-License-Identifier: Apache-2.0

extension Page {
  /// A document that needs nothing else, for the screen and for paper; whoever shows it is told to fetch
  /// nothing.
  package func renderHTML(_ write: ([UInt8]) throws -> Void) throws {
    func put(_ text: String) throws { try write(Array((text + "\n").utf8)) }
    try put(
      """
      <!DOCTYPE html>
      <html lang="\(language.rawValue)"><head><meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
      style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(HTMLText.escaped(title))</title>
      <style>\(HTMLText.style)</style></head><body\(isSheet ? " class=\"sheet\"" : "")>
      <h1>\(HTMLText.escaped(title))</h1><p class="q">\(HTMLText.lines(subtitle))</p><main>
      """)
    for section in sections {
      try put("<section><h2>\(HTMLText.escaped(section.title))</h2><div>")
      for block in section.blocks { try put(html(block)) }
      try put("</div></section>")
    }
    try put("</main></body></html>")
  }

  private func html(_ block: Block) -> String {
    switch block {
    case .paragraph(let text): "<p>\(HTMLText.lines(text))</p>"
    case .facts(let facts):
      "<table class=\"f\">"
        + facts.map {
          "<tr><th>\(HTMLText.escaped($0.name))</th><td class=\"w\">\(HTMLText.lines($0.value))</td></tr>"
        }.joined() + "</table>"
    case .table(let table): html(table)
    case .picture(let svg, let words):
      svg + (words.isEmpty ? "" : "<p class=\"q\">\(HTMLText.lines(words))</p>")
    case .signatures(let names):
      "<table class=\"s\"><tr>"
        + names.map { "<td class=\"w\">\(HTMLText.lines($0))</td>" }.joined() + "</tr></table>"
    }
  }

  /// Each cell carries its column's title, which stands before it where the screen is narrow.
  private func html(_ table: Table) -> String {
    func style(_ column: Int, _ cell: String) -> String {
      if table.numeric.contains(column) { return " class=\"n\"" }
      // Only what is longer than a column may break within a word.
      let isLong = cell.split(whereSeparator: \.isWhitespace).contains { $0.count > 24 }
      return isLong ? " class=\"w\"" : ""
    }
    let head = table.head.enumerated().map {
      "<th\(style($0.offset, ""))>\(HTMLText.escaped($0.element))</th>"
    }.joined()
    let rows = table.rows.map { row in
      "<tr>"
        + row.enumerated().map { column, cell in
          "<td\(style(column, cell)) data-t=\"\(HTMLText.escaped(title(of: column, in: table)))\">"
            + "\(HTMLText.lines(cell))</td>"
        }.joined() + "</tr>\n"
    }.joined()
    return "<table class=\"t\"><thead><tr>\(head)</tr></thead><tbody>\(rows)</tbody></table>"
  }

  private func title(of column: Int, in table: Table) -> String {
    table.head.indices.contains(column) ? table.head[column] : ""
  }
}
