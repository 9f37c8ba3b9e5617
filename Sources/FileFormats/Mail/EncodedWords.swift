// SPDX-License-Identifier: Apache-2.0

/// Text of a header field, in which words of other alphabets are encoded.
///
///     =?utf-8?Q?caf=C3=A9?=   =?iso-8859-1?B?Y2Fm6Q==?=
///
/// - Source: RFC 2047, §2 "Syntax of encoded-words".
enum EncodedWords {
  /// The text decoded; words in an alphabet that is not known stay as they are.
  static func text(_ field: [UInt8]) -> String? {
    guard let raw = ContentText.text(field) else { return nil }
    var result = ""
    var rest = raw[...]
    var isBehindWord = false
    while let start = rest.firstIndex(of: "=") {
      guard let (word, behind) = word(rest[start...]) else {
        result += rest[...start]
        rest = rest[rest.index(after: start)...]
        isBehindWord = false
        continue
      }
      // Blanks between two encoded words are no part of the text.
      let before = rest[..<start]
      if !isBehindWord || !before.allSatisfy({ $0 == " " || $0 == "\t" }) { result += before }
      result += word
      rest = behind
      isBehindWord = true
    }
    return ContentText.trimmed(result + rest)
  }

  private static func word(_ text: Substring) -> (String, Substring)? {
    let parts = text.prefix(400).split(
      separator: "?", maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0] == "=", parts[4].hasPrefix("="),
      let bytes = bytes(parts[3], encoding: parts[2].lowercased()),
      let word = decoded(bytes, charset: parts[1].lowercased())
    else { return nil }
    return (word, text[parts[4].index(after: parts[4].startIndex)...])
  }

  private static func bytes(_ text: Substring, encoding: String) -> [UInt8]? {
    if encoding == "b" {
      var base64 = Base64()
      var bytes: [UInt8] = []
      return base64.read(text.utf8) { bytes.append($0) } ? bytes : nil
    }
    guard encoding == "q" else { return nil }
    var bytes: [UInt8] = []
    // Some put bytes of the alphabet there as they are.
    let scalars = text.unicodeScalars
    var rest =
      scalars.allSatisfy { $0.value < 0x100 }
      ? scalars.map { UInt8(truncatingIfNeeded: $0.value) }[...] : Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2).compactMap { HexDigit.value(UInt32($0)) }
      if byte == 0x3D, digits.count == 2 {
        bytes.append(UInt8(truncatingIfNeeded: digits[0] << 4 | digits[1]))
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == 0x5F ? 0x20 : byte)
      }
    }
    return bytes
  }

  private static func decoded(_ bytes: [UInt8], charset: String) -> String? {
    let name = charset.prefix { $0 != "*" }
    switch name {
    case "utf-8", "us-ascii", "ascii": return String(decoding: bytes, as: UTF8.self)
    case "iso-8859-1", "iso-8859-15", "windows-1252", "latin1":
      return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    default:
      return nil
    }
  }
}
