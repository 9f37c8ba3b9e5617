// SPDX-License-Identifier: Apache-2.0

/// A report as sections of blocks, whatever it is rendered as. Its texts are plain: a line feed breaks a
/// line, and nothing in them is markup; names from a disk have passed through `TerminalText` before.
package struct Page {
  enum Block {
    case paragraph(String)
    case facts([(name: String, value: String)])
    case table(Table)
    /// Inline SVG, the one block that is markup; and what it shows.
    case picture(svg: String, words: String)
    /// Fields to sign in, by who signs.
    case signatures([String])
  }

  struct Table {
    var head: [String]
    var rows: [[String]] = []
    /// The columns that hold numbers.
    var numeric: Set<Int> = []
  }

  struct Section {
    var title: String
    var blocks: [Block]
  }

  let language: Language
  let title: String
  let subtitle: String
  /// Whether all of it goes on one sheet: titles then stand beside their text.
  let isSheet: Bool
  private(set) var sections: [Section] = []

  init(_ language: Language, title: String, subtitle: String, isSheet: Bool) {
    self.language = language
    self.title = title
    self.subtitle = subtitle
    self.isSheet = isSheet
  }

  /// Appends a section, unless there is nothing in it.
  mutating func add(_ title: String, _ blocks: [Block?]) {
    let blocks = blocks.compactMap { $0 }
    if !blocks.isEmpty { sections.append(Section(title: title, blocks: blocks)) }
  }
}

extension Page.Block {
  /// A paragraph; nil where there is no text.
  static func text(_ text: String?) -> Self? {
    text.flatMap { $0.isEmpty ? nil : .paragraph($0) }
  }

  /// Those facts that have a value; nil where none has.
  static func known(_ facts: [(name: String, value: String?)]) -> Self? {
    let known = facts.compactMap { fact in
      fact.value.flatMap { $0.isEmpty ? nil : (name: fact.name, value: $0) }
    }
    return known.isEmpty ? nil : .facts(known)
  }
}
