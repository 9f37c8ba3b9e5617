// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings

/// What a scan found, for the terminal: one small table, and what to do next.
package struct SummaryText {
  private let record: Case
  private let language: Language

  package init(_ record: Case, language: Language) {
    self.record = record
    self.language = language
  }

  package func render(_ write: ([UInt8]) throws -> Void) throws {
    let job = try record.job()
    var lines = ["\(TerminalText.safe(job.source))  \(language.size(job.sourceLength))"]
    for volume in try record.volumes() {
      let label = volume.label.isEmpty ? "" : " “\(TerminalText.safe(volume.label))”"
      lines.append("  \(volume.kind)\(label)  \(language.size(volume.length))")
      lines += volume.remarks.map { "    " + TerminalText.safe(language.remark($0)) }
    }
    lines.append("")
    lines += try table()
    let unread = try record.defects().length
    if unread > 0 {
      lines.append(
        language.pick(
          "\(language.size(unread)) could not be read.",
          "\(language.size(unread)) n'ont pas pu être lus."))
    }
    if let hint = ClassShares(try record.classTotals()).hint(language) { lines.append(hint) }
    lines += try CutShort(record).lines(language)
    try write(Array((lines.joined(separator: "\n") + "\n").utf8))
  }

  /// Verdicts down, where the files come from across.
  private func table() throws -> [String] {
    var query = Query(show: .all)
    query.kinds = [.file]
    let totals = try record.totals(query)
    let columns: [(title: String, origins: Set<Finding.Origin>)] = [
      (language.pick("deleted, by name", "effacés, par nom"), [.undelete, .journal]),
      (language.pick("by content", "par contenu"), [.carve]),
      (language.pick("present", "présents"), [.live]),
    ]
    var lines = [
      ListText.right("", 12) + columns.map { ListText.left($0.title, 26) }.joined()
    ]
    for verdict in Verdict.allCases {
      let cells = columns.map { column in
        let some = totals.filter { $0.verdict == verdict && column.origins.contains($0.origin) }
        let count = some.reduce(0) { $0 + $1.count }
        let bytes = some.reduce(ByteCount(0)) { $0.addingClamped($1.bytes) }
        return count == 0 ? "-" : "\(language.number(count))  (\(language.size(bytes)))"
      }
      if cells.allSatisfy({ $0 == "-" }) { continue }
      lines.append(
        ListText.right(language.word(verdict), 12) + cells.map { ListText.left($0, 26) }.joined())
    }
    if lines.count == 1 { return [language.pick("Nothing was found.", "Rien n'a été trouvé.")] }
    return lines
  }
}
