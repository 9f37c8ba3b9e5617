// SPDX-License-Identifier: Apache-2.0

import Reporting

extension Language {
  /// The text of this language for a page: in French, a narrow space that no line ends at stands before
  /// double punctuation and inside quotation marks.
  func prose(_ english: String, _ french: String) -> String {
    guard self == .french else { return english }
    var text = french
    for mark in [":", ";", "?", "!", "»"] {
      text = text.replacing(" " + mark, with: "\u{202F}" + mark)
    }
    return text.replacing("« ", with: "«\u{202F}")
  }
}
