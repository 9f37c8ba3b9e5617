// SPDX-License-Identifier: Apache-2.0

/// Text that a file's content holds about itself, made fit for `Examination.name`.
enum ContentText {
  private static let longest = 120

  /// UTF-8, or Latin-1 where it is none, up to the first NUL; nil where nothing readable is left.
  static func text(_ bytes: some Collection<UInt8>) -> String? {
    let part = Array(bytes.prefix { $0 != 0 }.prefix(4 * longest))
    let utf8 = String(decoding: part, as: UTF8.self)
    guard utf8.unicodeScalars.contains("\u{FFFD}") else { return trimmed(utf8) }
    return trimmed(String(String.UnicodeScalarView(part.map { Unicode.Scalar($0) })))
  }

  /// Trimmed and at most 120 characters; nil where nothing is left.
  static func trimmed(_ text: String) -> String? {
    var part = text[...]
    while let first = part.unicodeScalars.first, isBlank(first) {
      part.unicodeScalars.removeFirst()
    }
    while let last = part.unicodeScalars.last, isBlank(last) { part.unicodeScalars.removeLast() }
    return part.isEmpty ? nil : String(part.prefix(longest))
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.value < 0x20 || scalar.value == 0x7F
  }
}
