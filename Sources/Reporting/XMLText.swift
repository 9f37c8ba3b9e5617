// SPDX-License-Identifier: Apache-2.0

/// Text made fit for XML.
///
/// - Source: W3C, *Extensible Markup Language 1.0*, §2.2 "Characters": most control characters cannot
///   stand in a document, not even by number.
enum XMLText {
  /// Characters that XML or a reader could take for something else are told by number; those that XML
  /// does not know become visible escapes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x26: result += "&amp;"
      case 0x3C: result += "&lt;"
      case 0x3E: result += "&gt;"
      case 0x22: result += "&quot;"
      case 0x27: result += "&#39;"
      case 0..<0x20, 0xFFFE...0xFFFF: result += TerminalText.safe(String(scalar))
      case 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
        result += "&#x\(String(scalar.value, radix: 16, uppercase: true));"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Bytes that are no UTF-8 become `\xNN`.
  static func escaped(_ bytes: [UInt8]) -> String {
    String(validating: bytes, as: UTF8.self).map(escaped) ?? escaped(TerminalText.safe(bytes))
  }
}
