// SPDX-License-Identifier: Apache-2.0

import Case
import Findings

/// `ls`: one finding a line.
package struct ListText {
  private let record: Case
  private let query: Query
  private let language: Language
  private let isColored: Bool

  package init(_ record: Case, query: Query, language: Language, isColored: Bool = false) {
    self.isColored = isColored
    self.record = record
    self.query = query
    self.language = language
  }

  package func render(_ write: ([UInt8]) throws -> Void) throws {
    let paths = try PathNames(record)
    try record.each(query) { id, finding in
      let time = finding.times.modified.map(language.time) ?? "-"
      let fields = [
        Self.left(String(id), 7), word(finding.verdict),
        Self.left(finding.kind == .folder ? "-" : language.size(finding.size), 10),
        Self.right(time, 19),
        TerminalText.safe(paths.path(of: finding, id: id)) + (finding.kind == .folder ? "/" : ""),
      ]
      try write(Array((fields.joined(separator: "  ") + "\n").utf8))
      return true
    }
  }

  /// The verdict's word; its colour says nothing that the word does not.
  private func word(_ verdict: Verdict) -> String {
    let word = Self.right(language.word(verdict), 9)
    guard isColored else { return word }
    let color =
      switch verdict {
      case .verified, .intact: 32
      case .probable, .guessed: 33
      case .partial, .nameOnly: 31
      }
    return "\u{1B}[\(color)m\(word)\u{1B}[0m"
  }

  static func left(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  static func right(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
