// SPDX-License-Identifier: Apache-2.0

import Case
import Findings

/// What a report is asked for: of which case and files, in which language, with names or without.
package struct ReportRequest {
  let record: Case
  let query: Query
  let language: Language
  let made: Timestamp
  /// Of the command that makes it.
  let version: String
  let pseudonyms: Pseudonyms

  package init(
    _ record: Case, query: Query, language: Language, made: Timestamp, version: String,
    pseudonyms: Pseudonyms = .none
  ) {
    self.record = record
    self.query = query
    self.language = language
    self.made = made
    self.version = version
    self.pseudonyms = pseudonyms
  }

  func pick(_ english: String, _ french: String) -> String { language.pick(english, french) }

  /// What was scanned, by the name that it was given.
  func source() throws -> String {
    String(decoding: pseudonyms.path(Array(try record.job().source.utf8)), as: UTF8.self)
  }

  /// Whether any file stands in a target.
  func hasWritten() throws -> Bool {
    var isAny = false
    try record.eachWritten { _ in
      isAny = true
      return false
    }
    return isAny
  }

  /// Hands out the files that are meant, in order of path.
  ///
  /// - Parameter all: whether folders, links and the like come too.
  func eachFile(all: Bool = false, _ body: (ReportedFile) throws -> Void) throws {
    let paths = try PathNames(record, pseudonyms)
    var query = query
    if !all { query.kinds = [.file] }
    try record.eachWithWritten(query) { id, finding, written in
      var finding = finding
      finding.evidence = finding.evidence.map(pseudonyms.fact)
      var written = written
      if let path = written?.path {
        let isOwn = !finding.hasVolumePath
        let parts = path.split(separator: 0x2F).map { Array($0) }
        let names = parts.enumerated().map {
          isOwn && $0.offset + 1 < parts.count ? $0.element : pseudonyms.name($0.element)
        }
        written?.path = Array(names.joined(separator: [0x2F]))
      }
      try body(
        ReportedFile(
          id: id, path: paths.path(of: finding, id: id), finding: finding, written: written))
      return true
    }
  }
}

/// A file as a report shows it, its names replaced where they are to be.
struct ReportedFile {
  let id: Int64
  /// Raw: the volume's folder, its folders, its name.
  let path: [UInt8]
  let finding: Finding
  let written: WrittenRecord?

  /// The path without the volume's folder.
  var pathInVolume: [UInt8] {
    guard finding.hasVolumePath, let slash = path.firstIndex(of: 0x2F) else { return path }
    return Array(path[(slash + 1)...])
  }

  /// What was found, and what reading it has shown since.
  var verdict: Verdict { finding.verdict }
}
