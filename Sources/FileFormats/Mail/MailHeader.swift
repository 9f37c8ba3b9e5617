// SPDX-License-Identifier: Apache-2.0

import Findings

/// The header of a message, or of one part of it: fields, each a name, a colon and text that may go
/// on over lines.
///
/// - Source: RFC 5322, §2.2 "Header Fields"; RFC 2045, §5 and §6.
struct MailHeader {
  private static let kept: Set<String> = [
    "subject", "from", "date", "content-type", "content-transfer-encoding",
    "snapshot-content-location",
  ]
  private static let telling: Set<String> = [
    "subject", "from", "date", "to", "cc", "message-id", "mime-version", "received",
    "return-path", "reply-to", "sender", "content-type", "delivered-to", "dkim-signature",
    "in-reply-to", "references", "authentication-results", "x-mailer", "list-id", "user-agent",
  ]
  private static let longest = 4096
  private var fields: [String: [UInt8]] = [:]
  private var names: Set<String> = []
  private var current: String?
  /// How many lines it has.
  private(set) var lines = 0

  /// Reads a line that is not empty; false where it belongs to no header.
  mutating func read(_ line: [UInt8]) -> Bool {
    lines &+= 1
    if line.first == 0x20 || line.first == 0x09 {
      guard lines > 1 else { return false }
      if let current, let text = fields[current], text.count < Self.longest {
        fields[current] = text + [0x20] + line.drop { $0 == 0x20 || $0 == 0x09 }
      }
      return true
    }
    guard let colon = line.firstIndex(of: 0x3A), colon > 0, colon < 80 else { return false }
    let name = line[..<colon].drop(whileLast: 0x20)
    guard !name.isEmpty, name.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
    let key = String(decoding: name, as: UTF8.self).lowercased()
    if Self.telling.contains(key) { names.insert(key) }
    current = nil
    if Self.kept.contains(key), fields[key] == nil {
      fields[key] = Array(line[(colon + 1)...])
      current = key
    }
    return true
  }

  /// Whether these are the fields of a message.
  var isMessage: Bool {
    names.count >= 2
      && (isPage
        || !names.isDisjoint(with: ["from", "received", "return-path", "sender", "message-id"]))
  }

  var subject: String? { fields["subject"].flatMap(EncodedWords.text) }

  var date: Timestamp? { text("date").flatMap(TextDate.mail) }

  var isBase64: Bool {
    text("content-transfer-encoding")?.lowercased().contains("base64") ?? false
  }

  /// The media type, in lower case.
  var type: String {
    let value = text("content-type") ?? ""
    return value.prefix { $0 != ";" && $0 != " " }.lowercased()
  }

  /// What stands between the parts of a message that has several.
  var boundary: [UInt8]? {
    guard type.hasPrefix("multipart/"), let value = fields["content-type"] else { return nil }
    let lower = value.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    guard let place = lower.firstIndex(of: Array("boundary".utf8)) else { return nil }
    let rest = value[(place + 8)...].drop { $0 == 0x20 || $0 == 0x3D || $0 == 0x09 }
    let text =
      rest.first == 0x22
      ? rest.dropFirst().prefix { $0 != 0x22 }
      : rest.prefix { $0 != 0x3B && $0 != 0x20 && $0 != 0x09 }
    return text.isEmpty || text.count > 200 ? nil : Array(text)
  }

  /// Whether a browser saved a page so.
  var isPage: Bool {
    if let sender = text("from") { return sender.lowercased().contains("saved by ") }
    return fields["snapshot-content-location"] != nil
      || type == "multipart/related" && names.contains("mime-version")
        && names.isDisjoint(with: ["received", "return-path"])
  }

  private func text(_ name: String) -> String? {
    fields[name].map { String(decoding: $0, as: UTF8.self) }
      .flatMap(ContentText.trimmed)
  }
}

extension ArraySlice<UInt8> {
  /// Without such bytes at its end.
  fileprivate func drop(whileLast byte: UInt8) -> Self {
    var part = self
    while part.last == byte { part.removeLast() }
    return part
  }
}
