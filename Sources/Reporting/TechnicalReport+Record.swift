// SPDX-License-Identifier: Apache-2.0

import Case
import Findings

extension TechnicalReport {
  static func isHealth(_ event: String) -> Bool {
    ["health", "triage", "smart"].contains { event.lowercased().hasPrefix($0) }
  }

  /// Versions, options and the commands that the log knows.
  func tools() throws -> Page.Block? {
    let job = try record.job()
    let commands = try record.logLines().filter { $0.event == "command" }
      .map { request.pseudonyms.text($0.detail) }
    return .known([
      (pick("Scanned with", "Analysé avec"), job.version.isEmpty ? nil : "renflou " + job.version),
      (pick("Report by", "Rapport par"), "renflou " + request.version),
      (pick("Options of the scan", "Options d'analyse"), request.pseudonyms.text(job.options)),
      (pick("Commands", "Commandes"), commands.joined(separator: "\n")),
    ])
  }

  /// The names of the manifests, and what the case keeps beside itself.
  func sums() throws -> [Page.Block?] {
    var blocks: [Page.Block?] = []
    if try request.hasWritten() {
      blocks.append(
        .paragraph(
          pick(
            "The SHA-256 sum of each file stands in manifest-sha256.txt beside the files; sha256sum -c checks them.",
            "La somme SHA-256 de chaque fichier figure dans manifest-sha256.txt, à côté des fichiers ; sha256sum -c les vérifie."
          )))
    }
    let attachments = try record.attachments()
    if !attachments.isEmpty {
      var table = Page.Table(
        head: [
          pick("Attachment", "Pièce jointe"), pick("What it shows", "Ce qu'elle montre"),
          pick("Added (UTC)", "Ajoutée (UTC)"), "SHA-256",
        ])
      for attachment in attachments {
        table.rows.append([
          TerminalText.safe(request.pseudonyms.name(Array(attachment.name.utf8))),
          request.pseudonyms.text(attachment.words), request.language.time(attachment.added),
          hexadecimal(attachment.sha256),
        ])
      }
      blocks.append(.table(table))
    }
    return blocks
  }

  /// What the volumes remark, and what a scan did not follow to its end.
  func anomalies() throws -> Page.Block? {
    var lines: [String] = []
    for volume in try record.volumes() {
      lines += volume.remarks.map {
        pick("volume \(volume.number): ", "volume \(volume.number)\u{202F}: ")
          + TerminalText.safe(request.language.remark($0))
      }
    }
    lines += try CutShort(record).lines(request.language)
    return .text(lines.joined(separator: "\n"))
  }

  /// Whether the log is whole.
  func chain() throws -> Page.Block? {
    guard let broken = try record.firstBrokenLogLine() else {
      return .paragraph(
        pick(
          "Each line's hash covers the line before; all of them hold.",
          "Le condensé de chaque ligne couvre la précédente ; tous sont justes."))
    }
    return .paragraph(
      pick(
        "Line \(broken) does not fit those before it: the log was changed.",
        "La ligne \(broken) ne suit pas les précédentes : le journal a été modifié."))
  }

  /// Lines of the custody log.
  func logTable(_ isMeant: (LogLine) -> Bool) throws -> Page.Block? {
    let lines = try record.logLines().filter(isMeant)
    guard !lines.isEmpty else { return nil }
    var table = Page.Table(
      head: [
        "#", pick("UTC", "UTC"), pick("Event", "Événement"), pick("Detail", "Détail"),
        pick("Hash", "Condensé"),
      ], numeric: [0])
    for line in lines.suffix(Self.mostLogLines) {
      table.rows.append([
        String(line.number), request.language.time(line.at),
        TerminalText.safe(request.language.word(ofEvent: line.event)),
        TerminalText.safe(request.pseudonyms.text(line.detail)),
        hexadecimal(line.hash.prefix(6)),
      ])
    }
    return .table(table)
  }
}
