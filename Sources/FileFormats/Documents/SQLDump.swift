// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

extension FileFormat {
  /// A database written out as commands, with a last line that says so.
  ///
  /// - Source: mysqldump(1) and pg_dump(1), by their output.
  package static let sqlDump = FileFormat(
    id: "sql", name: "database dump", category: .database, validation: .grammar,
    signatures: [.text("-- MySQL dump "), .text("-- MariaDB dump "), .text("--\n-- PostgreSQL ")],
    maximumSize: 0x100_0000_0000,
    resembles: { FileFormat.head($0, keepsTo: examineSQLDump) }, examine: examineSQLDump)

  private static func examineSQLDump(_ file: Source) throws -> Examination {
    try LineWalk<SQLDumpGrammar>.examine(file, "sql", "dump")
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
