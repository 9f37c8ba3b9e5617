// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings

extension TechnicalReport {
  /// Files by verdict.
  func verdicts() throws -> Page.Block? {
    let language = request.language
    var table = Page.Table(
      head: [
        pick("Verdict", "Verdict"), pick("Means", "Signifie"), pick("Files", "Fichiers"),
        pick("Size", "Taille"),
      ], numeric: [2, 3])
    let totals = try totals()
    for verdict in Verdict.allCases {
      let some = totals.filter { $0.verdict == verdict }
      guard !some.isEmpty else { continue }
      table.rows.append(
        [language.word(verdict), language.meaning(verdict)] + sums(of: some))
    }
    return table.rows.isEmpty ? nil : .table(table)
  }

  /// Files by type and origin.
  func types() throws -> Page.Block? {
    let language = request.language
    var table = Page.Table(
      head: [
        pick("Type", "Type"), pick("Origin", "Origine"), pick("Files", "Fichiers"),
        pick("Size", "Taille"), pick("Of these whole", "Dont entiers"),
      ], numeric: [2, 3, 4])
    let groups = Dictionary(grouping: try totals()) { Group(type: $0.type, origin: $0.origin) }
    for (group, some) in groups.sorted(by: { $0.key < $1.key }) {
      let whole = some.filter { $0.verdict <= .probable }.reduce(0) { $0 + $1.count }
      table.rows.append(
        [
          group.type.isEmpty ? pick("none", "aucun") : TerminalText.safe(group.type),
          language.word(group.origin),
        ] + sums(of: some) + [language.number(whole)])
    }
    return table.rows.isEmpty ? nil : .table(table)
  }

  private struct Group: Hashable, Comparable {
    let type: String
    let origin: Finding.Origin

    static func < (left: Self, right: Self) -> Bool {
      left.type != right.type ? left.type < right.type : left.origin < right.origin
    }
  }

  private func totals() throws -> [Total] {
    var query = request.query
    query.kinds = [.file]
    return try record.totals(query)
  }

  private func sums(of totals: [Total]) -> [String] {
    let bytes = totals.reduce(0 as ByteCount) { $0.addingClamped($1.bytes) }
    return [
      request.language.number(totals.reduce(0) { $0 + $1.count }), request.language.size(bytes),
    ]
  }

  /// Damaged files, what befell them, and which of their bytes are missing.
  func damaged(_ rows: ReportRows) throws -> [Page.Block?] {
    let language = request.language
    let defects = try record.defects()
    var table = Page.Table(
      head: [
        pick("Path", "Chemin"), pick("Size", "Taille"), pick("What is wrong", "Ce qui ne va pas"),
      ], numeric: [1])
    for file in rows.damaged {
      var lines = DamagePlaces(of: file.finding.content, defects: defects).lines(language)
      for fact in file.finding.evidence where fact.isDamage {
        let words = language.words(fact)
        if !lines.contains(words) { lines.append(words) }
      }
      table.rows.append([
        TerminalText.safe(file.path), language.exactSize(file.finding.size),
        lines.joined(separator: "\n"),
      ])
    }
    guard !table.rows.isEmpty else { return [] }
    return [.table(table), more(rows.damagedCount - rows.damaged.count)]
  }

  func files(_ rows: ReportRows) -> [Page.Block?] {
    let language = request.language
    var table = Page.Table(
      head: [
        "#", pick("Path", "Chemin"), pick("Size", "Taille"),
        pick("Modified (UTC)", "Modifié (UTC)"), pick("Verdict", "Verdict"),
      ], numeric: [0, 2])
    for file in rows.all {
      table.rows.append([
        String(file.id),
        ([TerminalText.safe(file.path)] + outcome(file.written)).joined(separator: "\n"),
        language.size(file.finding.size), file.finding.times.modified.map(language.time) ?? "–",
        language.word(file.verdict),
      ])
    }
    guard !table.rows.isEmpty else { return [] }
    return [.table(table), more(rows.count - rows.all.count)]
  }

  /// What is to be said of how a file was written: its sum, or why it was not.
  private func outcome(_ written: WrittenRecord?) -> [String] {
    guard let written else { return [] }
    let twin = TerminalText.safe(written.path)
    switch written.outcome {
    case .twin: return [pick("the same as \(twin)", "identique à \(twin)")]
    case .known: return [pick("a known file, left out", "fichier connu, laissé de côté")]
    case .written: return ["SHA-256 " + hexadecimal(written.sha256)]
    }
  }

  private func more(_ count: Int) -> Page.Block? {
    guard count > 0 else { return nil }
    let files = request.language.count(
      count, ("more file", "more files"), ("autre fichier", "autres fichiers"))
    return .paragraph(
      pick(
        "\(files): the forms in JSON and CSV list them all.",
        "\(files) : les formes JSON et CSV les donnent tous."))
  }
}

/// The files that a page lists.
struct ReportRows {
  private(set) var all: [ReportedFile] = []
  private(set) var damaged: [ReportedFile] = []
  private(set) var count = 0
  private(set) var damagedCount = 0

  /// - Parameter seen: is told of every file, listed or not.
  init(_ request: ReportRequest, most: Int, _ seen: (Finding) -> Void) throws {
    try request.eachFile { file in
      seen(file.finding)
      count += 1
      if all.count < most { all.append(file) }
      guard file.verdict == .partial else { return }
      damagedCount += 1
      if damaged.count < most { damaged.append(file) }
    }
  }
}
