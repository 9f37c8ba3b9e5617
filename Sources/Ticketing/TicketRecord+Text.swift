// SPDX-License-Identifier: Apache-2.0

import Reporting

extension TicketRecord {
  /// Paragraphs as HTML, with the mark at the end. Every character that HTML means something by is
  /// escaped: names come from disks.
  func html(_ paragraphs: [String], mark: String = "") -> String {
    (paragraphs + [marker + mark]).map { paragraph in
      let lines = paragraph.split(separator: "\n", omittingEmptySubsequences: false)
      return "<p>" + lines.map { HTMLText.escaped(String($0)) }.joined(separator: "<br>") + "</p>"
    }.joined()
  }

  /// Paragraphs as plain text, with the mark at the end.
  func plain(_ paragraphs: [String], mark: String = "") -> String {
    (paragraphs + [marker + mark]).map { paragraph in
      paragraph.split(separator: "\n", omittingEmptySubsequences: false)
        .map { TerminalText.safe(String($0)) }.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// A text in one paragraph a blank line.
  package static func paragraphs(_ text: String) -> [String] {
    text.split(separator: "\n\n").map(String.init).filter { !$0.allSatisfy(\.isWhitespace) }
  }
}
