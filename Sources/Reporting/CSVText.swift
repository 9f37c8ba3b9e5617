// SPDX-License-Identifier: Apache-2.0

/// Fields and rows of comma-separated values.
///
/// - Source: RFC 4180.
enum CSVText {
  static func row(_ fields: [String]) -> [UInt8] {
    Array((fields.joined(separator: ",") + "\r\n").utf8)
  }

  /// A text that nothing can take for a number, a formula or the end of a field.
  static func quoted(_ text: String) -> String {
    var result = "\""
    let text = TerminalText.safe(text)
    // A spreadsheet takes such a beginning for a formula, with spaces before it or without.
    if let first = text.first(where: { !$0.isWhitespace }), "=+-@＝＋－＠".contains(first) {
      result += "'"
    }
    for character in text { result += character == "\"" ? "\"\"" : String(character) }
    return result + "\""
  }
}
