// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings

/// The annex for technicians: what was handed over, what lies on it, what came back and in which state,
/// and everything that was done. `recover` writes it as `report.html`.
package struct TechnicalReport {
  let request: ReportRequest
  let record: Case

  /// So many files are listed; the rest is in the forms for programs.
  static let mostRows = 5000
  /// So many lines of the log.
  static let mostLogLines = 1000

  package init(_ request: ReportRequest) {
    self.request = request
    record = request.record
  }

  func pick(_ english: String, _ french: String) -> String { request.pick(english, french) }

  package func page() throws -> Page {
    let language = request.language
    let title = pick("Recovery report", "Rapport de récupération")
    var page = Page(
      language, title: title,
      subtitle: pick("Technical annex", "Annexe technique") + " · " + language.time(request.made)
        + " UTC · renflou " + request.version, isSheet: false)
    var map = try DiskMap(record)
    let rows = try ReportRows(request, most: Self.mostRows) { map.add($0) }
    let classes = try ClassMap(record)
    page.add(pick("The device", "Le matériel"), [try device(), try sheet()])
    page.add(pick("Wishes", "Priorités"), [try wishes()])
    page.add(pick("Health", "Santé"), [try logTable { Self.isHealth($0.event) }])
    page.add(pick("Tools and commands", "Outils et commandes"), [try tools()])
    page.add(
      pick("The disk", "Le disque"),
      [
        .picture(svg: map.svg(language), words: pick("Map of the disk", "Carte du disque")),
        .picture(svg: classes.svg(language), words: classes.words(language)),
      ])
    page.add(pick("Volumes", "Volumes"), [try volumes()])
    page.add(pick("What came back", "Ce qui est revenu"), [try verdicts(), try types()])
    page.add(pick("Damaged files", "Fichiers endommagés"), try damaged(rows))
    page.add(pick("Files", "Fichiers"), files(rows))
    page.add(pick("Sums and attachments", "Sommes et pièces jointes"), try sums())
    page.add(pick("Anomalies", "Anomalies"), [try anomalies()])
    page.add(pick("Limits", "Limites"), [.paragraph(limits)])
    page.add(pick("Log", "Journal"), [try chain(), try logTable { _ in true }])
    return page
  }

  private func device() throws -> Page.Block? {
    let language = request.language
    let job = try record.job()
    let unread = try record.defects().length
    let length = language.size(job.sourceLength) + " (" + language.exactSize(job.sourceLength) + ")"
    let scan = job.started.map {
      language.time($0) + (job.finished.map { " – " + language.time($0) } ?? "") + " UTC"
    }
    return .known([
      (pick("Source", "Source"), TerminalText.safe(try request.source())),
      (pick("Size", "Taille"), length),
      (pick("Serial number", "N° de série"), TerminalText.safe(job.serial)),
      (pick("Scan", "Analyse"), scan),
      (
        pick("Unread", "Illisible"),
        unread == 0 ? pick("nothing", "rien") : language.exactSize(unread)
      ),
    ])
  }

  /// What people said, field by field.
  private func sheet() throws -> Page.Block? {
    let sheet = try record.intervention()
    let times = try record.workTimes()
    func sum(_ kind: WorkTime.Kind) -> String? {
      let seconds = times.filter { $0.kind == kind }
        .reduce(Int64(0)) { $0.addingReportingOverflow(max(0, $1.seconds)).partialValue }
      return seconds > 0 ? request.language.duration(seconds: seconds) : nil
    }
    let said: [(name: String, value: String?)] = Intervention.Field.allCases.map { field in
      (request.language.word(field), sheet[field].map(request.pseudonyms.text))
    }
    return .known(
      said + [
        (pick("Hands-on time", "Temps d'intervention"), sum(.handsOn)),
        (pick("Machine time", "Temps machine"), sum(.machine)),
      ])
  }

  private func wishes() throws -> Page.Block? {
    let language = request.language
    let fates = try record.wishFates()
    guard !fates.isEmpty else { return nil }
    var table = Page.Table(
      head: [
        "#", pick("Wish", "Demande"), pick("Patterns, types", "Motifs, types"),
        pick("Whole", "Entiers"), pick("Damaged", "Endommagés"), pick("Name only", "Nom seul"),
        pick("Why", "Raisons"),
      ], numeric: [0, 3, 4, 5])
    for fate in fates {
      let patterns =
        fate.wish.patterns.map {
          String(decoding: request.pseudonyms.path(Array($0.utf8)), as: UTF8.self)
        } + fate.wish.types.sorted()
      table.rows.append([
        String(fate.wish.number), request.pseudonyms.text(fate.wish.words),
        patterns.joined(separator: ", "),
        language.number(fate.whole) + " (" + language.size(fate.wholeBytes) + ")",
        language.number(fate.damaged), language.number(fate.lost),
        fate.reasons.map { language.words(request.pseudonyms.fact($0)) }.joined(separator: "\n"),
      ])
    }
    return .table(table)
  }

  private func volumes() throws -> Page.Block? {
    let language = request.language
    let volumes = try record.volumes()
    guard !volumes.isEmpty else { return nil }
    var table = Page.Table(
      head: [
        "#", pick("Kind", "Type"), pick("Label", "Nom"), pick("Starts at byte", "Débute à l'octet"),
        pick("Size", "Taille"), pick("Cluster", "Cluster"), pick("State", "État"),
      ], numeric: [0, 3, 4, 5])
    for volume in volumes {
      let state =
        volume.isInForce
        ? pick("in force", "en vigueur") : pick("lost or formatted over", "perdu ou reformaté")
      table.rows.append([
        String(volume.number), TerminalText.safe(volume.kind),
        TerminalText.safe(request.pseudonyms.name(Array(volume.label.utf8))),
        language.number(volume.start), language.exactSize(volume.length),
        language.size(volume.clusterSize), state,
      ])
    }
    return .table(table)
  }

  private var limits: String {
    pick(
      "The source was opened for reading only; nothing was written to it. “Verified” and “intact” speak of the file's own structure, not of what its author meant it to hold. Deleted data may be incomplete; a file that is not listed was not found, which does not prove that it never existed. Sums are of the files as they were written: bytes that could not be read are zeros in them.",
      "La source n'a été ouverte qu'en lecture ; rien n'y a été écrit. « Vérifié » et « intact » parlent de la structure du fichier, non de ce que son auteur voulait y mettre. Des données effacées peuvent être incomplètes ; un fichier absent de la liste n'a pas été trouvé, ce qui ne prouve pas qu'il n'a jamais existé. Les sommes sont celles des fichiers tels qu'écrits : les octets illisibles y sont des zéros."
    )
  }
}
