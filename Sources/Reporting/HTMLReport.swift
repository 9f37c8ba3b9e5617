// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings

/// `report.html`: one page that needs nothing else, for the screen and for paper.
package struct HTMLReport {
  private let record: Case
  private let query: Query
  private let language: Language
  private let made: Timestamp

  /// So many files are listed; the rest is in `report.json`.
  private static let mostRows = 5000

  package init(_ record: Case, query: Query, language: Language, made: Timestamp) {
    self.record = record
    self.query = query
    self.language = language
    self.made = made
  }

  private func pick(_ english: String, _ french: String) -> String {
    language.pick(english, french)
  }

  private func escape(_ text: String) -> String { HTMLText.escaped(text) }

  package func render(_ write: ([UInt8]) throws -> Void) throws {
    func put(_ text: String) throws { try write(Array((text + "\n").utf8)) }
    let title = pick("Recovery report", "Rapport de récupération")
    try put(
      """
      <!DOCTYPE html>
      <html lang="\(language.rawValue)"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width"><title>\(title)</title>
      <style>\(HTMLText.style)</style></head><body><h1>\(title)</h1>
      """)
    try put(source())
    var map = try DiskMap(record)
    var rows = try Rows()
    try rows.collect(record, query, most: Self.mostRows) { map.add($0) }
    try put("<h2>\(pick("The disk", "Le disque"))</h2>")
    try put(map.svg(language))
    let classes = try ClassMap(record)
    try put(classes.svg(language))
    try put("<p>\(escape(classes.words(language)))</p>")
    try put(summary())
    try put(damaged(rows))
    try put(files(rows))
    try put(limits())
    try put(cutShort())
    try put(log())
    try put("</body></html>")
  }

  private func source() throws -> String {
    let job = try record.job()
    var facts = [
      (pick("Source", "Source"), job.source),
      (
        pick("Size", "Taille"),
        language.size(job.sourceLength) + " (" + language.exactSize(job.sourceLength) + ")"
      ),
    ]
    if !job.serial.isEmpty { facts.append((pick("Serial number", "N° de série"), job.serial)) }
    for volume in try record.volumes() {
      let label = volume.label.isEmpty ? "" : " “\(volume.label)”"
      let remarks = volume.remarks.map { "; " + language.remark($0) }.joined()
      facts.append(
        (
          pick("Volume", "Volume"),
          volume.kind + label + ", " + language.size(volume.length) + remarks
        ))
    }
    if let started = job.started {
      facts.append(
        (
          pick("Scan", "Analyse"),
          language.time(started) + (job.finished.map { " – " + language.time($0) } ?? "") + " UTC"
        ))
    }
    let unread = try record.defects().length
    facts.append(
      (
        pick("Unread", "Illisible"),
        unread == 0 ? pick("nothing", "rien") : language.exactSize(unread)
      ))
    facts.append(
      (pick("Report made", "Rapport établi"), language.time(made) + " UTC, renflou " + job.version))
    return "<table>"
      + facts.map { "<tr><th>\(escape($0.0))</th><td class=\"p\">\(escape($0.1))</td></tr>" }
      .joined()
      + "</table>"
  }

  private func summary() throws -> String {
    var html = "<h2>\(pick("What came back", "Ce qui est revenu"))</h2><table><tr>"
    html += "<th>\(pick("Verdict", "Verdict"))</th><th>\(pick("Means", "Signifie"))</th>"
    html +=
      "<th class=\"n\">\(pick("Files", "Fichiers"))</th><th class=\"n\">\(pick("Size", "Taille"))</th></tr>"
    var query = query
    query.kinds = [.file]
    let totals = try record.totals(query)
    for verdict in Verdict.allCases {
      let some = totals.filter { $0.verdict == verdict }
      guard !some.isEmpty else { continue }
      let count = some.reduce(0) { $0 + $1.count }
      let bytes = some.reduce(ByteCount(0)) { $0.addingClamped($1.bytes) }
      html +=
        "<tr><td>\(escape(language.word(verdict)))</td><td>\(escape(language.meaning(verdict)))</td>"
      html +=
        "<td class=\"n\">\(language.number(count))</td><td class=\"n\">\(language.size(bytes))</td></tr>"
    }
    return html + "</table>"
  }

  private func damaged(_ rows: Rows) -> String {
    guard !rows.damaged.isEmpty else { return "" }
    var html = "<h2>\(pick("Damaged files", "Fichiers endommagés"))</h2><table>"
    for row in rows.damaged {
      let reasons = row.finding.evidence.filter(\.isDamage).map { escape(language.words($0)) }
      html += "<tr><td class=\"p\">\(escape(TerminalText.safe(row.path)))</td>"
      html += "<td>\(reasons.joined(separator: "<br>"))</td></tr>"
    }
    return html + "</table>" + more(rows.damagedCount - rows.damaged.count)
  }

  private func files(_ rows: Rows) -> String {
    var html = "<h2>\(pick("Files", "Fichiers"))</h2><table><tr><th class=\"n\">#</th>"
    html += "<th>\(pick("Path", "Chemin"))</th><th class=\"n\">\(pick("Size", "Taille"))</th>"
    html +=
      "<th>\(pick("Modified (UTC)", "Modifié (UTC)"))</th><th>\(pick("Verdict", "Verdict"))</th></tr>"
    for row in rows.all {
      let time = row.finding.times.modified.map(language.time) ?? "–"
      html +=
        "<tr><td class=\"n\">\(row.id)</td><td class=\"p\">\(escape(TerminalText.safe(row.path)))"
        + outcome(row.written) + "</td>"
      html += "<td class=\"n\">\(language.size(row.finding.size))</td><td>\(time)</td>"
      html += "<td>\(escape(language.word(row.finding.verdict)))</td></tr>\n"
    }
    return html + "</table>" + more(rows.count - rows.all.count)
  }

  /// What is to be said of a file that is listed but not written.
  private func outcome(_ written: WrittenRecord?) -> String {
    switch written?.outcome {
    case .twin:
      let twin = escape(TerminalText.safe(written?.path ?? []))
      return "<br>" + pick("the same as \(twin)", "identique à \(twin)")
    case .known: return "<br>" + pick("a known file, left out", "fichier connu, laissé de côté")
    case .written, nil: return ""
    }
  }

  private func more(_ count: Int) -> String {
    guard count > 0 else { return "" }
    let files = language.count(
      count, ("more file", "more files"), ("autre fichier", "autres fichiers"))
    return "<p class=\"q\">" + pick("\(files): see report.json.", "\(files) : voir report.json.")
      + "</p>"
  }

  private func limits() -> String {
    let text = pick(
      "The source was opened for reading only; nothing was written to it. “Verified” and “intact” speak of the file's own structure, not of what its author meant it to hold. Deleted data may be incomplete; a file that is not listed was not found, which does not prove that it never existed.",
      "La source n'a été ouverte qu'en lecture ; rien n'y a été écrit. « Vérifié » et « intact » parlent de la structure du fichier, non de ce que son auteur voulait y mettre. Des données effacées peuvent être incomplètes ; un fichier absent de la liste n'a pas été trouvé, ce qui ne prouve pas qu'il n'a jamais existé."
    )
    return "<h2>\(pick("Limits", "Limites"))</h2><p>\(escape(text))</p>"
  }

  /// What a scan did not follow to its end, so that any source is done with in time.
  private func cutShort() throws -> String {
    let lines = try CutShort(record).lines(language)
    guard !lines.isEmpty else { return "" }
    return "<h2>\(pick("Cut short", "Abrégé"))</h2>"
      + lines.map { "<p>\(escape($0))</p>" }.joined()
  }

  private func log() throws -> String {
    var html = "<h2>\(pick("Log", "Journal"))</h2><table>"
    for line in try record.logLines().suffix(200) {
      html += "<tr><td class=\"n\">\(line.number)</td><td>\(language.time(line.at))</td>"
      html += "<td>\(escape(line.event))</td><td class=\"p\">\(escape(line.detail))</td></tr>"
    }
    return html + "</table>"
  }

  /// The files that the page lists.
  private struct Rows {
    struct Row {
      let id: Int64
      let path: [UInt8]
      let finding: Finding
      let written: WrittenRecord?
    }

    var all: [Row] = []
    var damaged: [Row] = []
    var count = 0
    var damagedCount = 0

    init() throws {}

    mutating func collect(
      _ record: Case, _ query: Query, most: Int, _ seen: (Finding) -> Void
    ) throws {
      let paths = try PathNames(record)
      var query = query
      query.kinds = [.file]
      try record.eachWithWritten(query) { id, finding, written in
        seen(finding)
        count += 1
        let isDamaged = finding.verdict == .partial
        if isDamaged { damagedCount += 1 }
        if all.count < most || (isDamaged && damaged.count < most) {
          let row = Row(
            id: id, path: paths.path(of: finding, id: id), finding: finding, written: written)
          if all.count < most { all.append(row) }
          if isDamaged, damaged.count < most { damaged.append(row) }
        }
        return true
      }
    }
  }
}
