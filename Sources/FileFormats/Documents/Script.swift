// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

extension FileFormat {
  /// A program as text: `#!` and who is to run it, or PHP's mark. It ends where its text does.
  ///
  /// - Source: IEEE Std 1003.1, *Shell Command Language*, §2.1; PHP Manual, "PHP tags".
  package static let script = FileFormat(
    id: "sh", name: "script", category: .system,
    extensions: ["sh", "py", "pl", "rb", "js", "php", "lua", "tcl", "awk"], validation: .reasoning,
    signatures: [.text("#!/"), .text("#! /"), .text("<?php"), .markedText("<?php")],
    maximumSize: 0x400_0000,
    resembles: { FileFormat.head($0, keepsTo: examineScript) }, examine: examineScript)

  private static func examineScript(_ file: Source) throws -> Examination {
    try LineWalk<ScriptGrammar>.examine(file, "sh", "script")
  }
}

/// The lines of a script: the first says what it is.
struct ScriptGrammar: LineGrammar {
  private static let interpreters = [
    ("python", "py"), ("perl", "pl"), ("ruby", "rb"), ("node", "js"), ("php", "php"),
    ("lua", "lua"), ("tclsh", "tcl"), ("wish", "tcl"), ("awk", "awk"),
  ]

  private(set) var type: String?

  var mayEnd: Bool { type != nil }

  mutating func read(_ line: [UInt8]) -> LineStep {
    guard type == nil else { return .goesOn }
    let text = String(decoding: line, as: UTF8.self)
    guard line.count < 256, text.hasPrefix("#!") || text.hasPrefix("<?php") else {
      return .isForeign
    }
    let words = text.split { $0 == "/" || $0 == " " || $0 == "?" || $0 == "<" }
    type =
      Self.interpreters.first { start, _ in words.contains { $0.hasPrefix(start) } }?.1 ?? "sh"
    return .goesOn
  }
}
