// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

extension FileFormat {
  /// A LaTeX document, up to `\end{document}`.
  ///
  /// - Source: L. Lamport, *LaTeX: A Document Preparation System*, §2.2.
  package static let latex = FileFormat(
    id: "tex", name: "LaTeX document", category: .document, validation: .grammar,
    signatures: [.text("\\documentclass"), .text("\\documentstyle")], maximumSize: 0x400_0000,
    resembles: { FileFormat.head($0, keepsTo: examineLaTeX) }, examine: examineLaTeX)

  /// A database written out as commands, with a last line that says so.
  ///
  /// - Source: mysqldump(1) and pg_dump(1), by their output.
  package static let sqlDump = FileFormat(
    id: "sql", name: "database dump", category: .database, validation: .grammar,
    signatures: [.text("-- MySQL dump "), .text("-- MariaDB dump "), .text("--\n-- PostgreSQL ")],
    maximumSize: 0x100_0000_0000,
    resembles: { FileFormat.head($0, keepsTo: examineSQLDump) }, examine: examineSQLDump)

  private static func examineLaTeX(_ file: Source) throws -> Examination {
    try LineWalk<LaTeXGrammar>.examine(file, "tex", "LaTeX")
  }

  private static func examineSQLDump(_ file: Source) throws -> Examination {
    try LineWalk<SQLDumpGrammar>.examine(file, "sql", "dump")
  }
}

/// The lines of a LaTeX document.
struct LaTeXGrammar: LineGrammar {
  private var hasBegun = false
  private(set) var name: String?

  var mayEnd: Bool { false }

  mutating func read(_ line: [UInt8]) -> LineStep {
    let text = line.drop { $0 == 0x20 || $0 == 0x09 }
    guard text.first == 0x5C else { return .goesOn }
    if text.starts(with: Array("\\begin{document}".utf8)) { hasBegun = true }
    if name == nil, text.starts(with: Array("\\title{".utf8)) {
      name = ContentText.text(text.dropFirst(7).prefix { $0 != 0x7D })
    }
    return hasBegun && text.starts(with: Array("\\end{document}".utf8)) ? .ends : .goesOn
  }
}

/// The lines of a dump.
struct SQLDumpGrammar: LineGrammar {
  private var isBehindMark = false
  private(set) var name: String?

  var mayEnd: Bool { false }

  mutating func read(_ line: [UInt8]) -> LineStep {
    if isBehindMark { return .ends }
    guard line.starts(with: Array("--".utf8)) else { return .goesOn }
    let text = String(decoding: line.prefix(200), as: UTF8.self)
    if text.hasPrefix("-- PostgreSQL database dump complete") { isBehindMark = true }
    if name == nil, let place = line.firstIndex(of: Array("Database: ".utf8)) {
      name = ContentText.text(line[(place + 10)...].prefix { $0 != 0x20 })
    }
    return text.hasPrefix("-- Dump completed") ? .ends : .goesOn
  }
}
