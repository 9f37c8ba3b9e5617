// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings

/// The files of a case as a table for spreadsheets; times in UTC, words for programs in English.
///
/// - Source: RFC 4180.
package struct CSVReport {
  private let request: ReportRequest

  package init(_ request: ReportRequest) { self.request = request }

  private static let header = [
    "id", "path", "kind", "type", "size", "verdict", "origin", "created", "modified", "changed",
    "accessed", "outcome", "written_to", "missing", "sha256", "damage",
  ]

  package func render(_ write: ([UInt8]) throws -> Void) throws {
    try write(CSVText.row(Self.header))
    try request.eachFile(all: true) { file in
      let finding = file.finding
      func time(_ moment: Timestamp?) -> String { moment.map { CivilTime($0).iso } ?? "" }
      let damage = finding.evidence.filter(\.isDamage)
        .map { Language.english.words(request.pseudonyms.fact($0)) }
      var seen: Set<String> = []
      let written = file.written.map { written in
        [
          "\(written.outcome)",
          written.outcome == .known
            ? "" : CSVText.quoted("files/" + TerminalText.safe(written.path)),
          String(written.missing.rawValue), hexadecimal(written.sha256),
        ]
      }
      try write(
        CSVText.row(
          [
            String(file.id), CSVText.quoted(TerminalText.safe(file.path)),
            JSONText.word(finding.kind), CSVText.quoted(finding.type),
            String(finding.size.rawValue), file.verdict.word, JSONText.word(finding.origin),
            time(finding.times.created), time(finding.times.modified),
            time(finding.times.changed), time(finding.times.accessed),
          ] + (written ?? ["", "", "", ""])
            + [
              CSVText.quoted(damage.filter { seen.insert($0).inserted }.joined(separator: "; "))
            ]))
    }
  }
}
