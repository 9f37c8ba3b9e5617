// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What the header comments of a PostScript document say.
struct PostScriptFacts {
  private(set) var title: String?
  private(set) var date: Timestamp?
  private(set) var type = "ps"

  init() {}

  /// - Parameter head: the document's first bytes.
  init(_ head: [UInt8]) {
    for line in head.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) { read(Array(line)) }
  }

  /// Reads a line.
  mutating func read(_ line: [UInt8]) {
    guard line.first == 0x25 else { return }
    if line.holds(Array("%!".utf8), at: 0) {
      if line.firstIndex(of: Array("EPSF".utf8)) != nil { type = "eps" }
      if line.firstIndex(of: Array("Font".utf8)) != nil { type = "pfa" }
    }
    if title == nil, let value = Self.value(line, of: "%%Title:") { title = value }
    if date == nil, let value = Self.value(line, of: "%%CreationDate:") {
      date = TextDate.loose(value)
    }
    if type == "ps", let value = Self.value(line, of: "%%Creator:"),
      value.hasPrefix("Adobe Illustrator")
    {
      type = "ai"
    }
  }

  private static func value(_ line: [UInt8], of key: String) -> String? {
    guard line.starts(with: Array(key.utf8)), let text = ContentText.text(line[key.utf8.count...])
    else { return nil }
    guard text.hasPrefix("("), text.hasSuffix(")") else { return text }
    return ContentText.trimmed(String(text.dropFirst().dropLast()))
  }
}
