// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings

/// `show`: all that is known of one finding.
package struct ShowText {
  private let record: Case
  private let id: Int64
  private let finding: Finding
  private let language: Language

  package init(_ record: Case, id: Int64, finding: Finding, language: Language) {
    self.record = record
    self.id = id
    self.finding = finding
    self.language = language
  }

  package func render(_ write: ([UInt8]) throws -> Void) throws {
    let path = try PathNames(record).path(of: finding, id: id)
    var lines = [TerminalText.safe(path), ""]
    func line(_ english: String, _ french: String, _ value: String) {
      lines.append(ListText.right(language.pick(english, french), 14) + value)
    }
    line(
      "Verdict", "Verdict",
      language.word(finding.verdict) + ": " + language.meaning(finding.verdict))
    line(
      "Found as", "Trouvé comme", language.word(finding.origin) + ", " + language.word(finding.kind)
    )
    line("Size", "Taille", language.exactSize(finding.size))
    let times = finding.times
    for (english, french, moment) in [
      ("Created", "Créé", times.created), ("Modified", "Modifié", times.modified),
      ("Changed", "Inode changé", times.changed), ("Accessed", "Accédé", times.accessed),
    ] {
      if let moment { line(english, french, language.time(moment) + " UTC") }
    }
    if let written = try record.written(id) {
      let path = "files/" + TerminalText.safe(written.path)
      switch written.outcome {
      case .written: line("Written to", "Écrit dans", path)
      case .twin: line("The same as", "Identique à", path)
      case .known:
        line(
          "Written to", "Écrit dans",
          language.pick("nowhere: a known file", "nulle part : fichier connu"))
      }
      line(
        "SHA-256", "SHA-256",
        written.sha256.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }
    lines += ["", language.pick("Evidence:", "Indices :")]
    lines += finding.evidence.map { "  - " + language.words($0) }
    lines += [
      "",
      language.pick(
        "Where its bytes are, in sectors of 512:", "Où sont ses octets, en secteurs de 512 :"),
    ]
    for extent in finding.content.prefix(200) { lines.append("  " + words(extent)) }
    if finding.content.count > 200 { lines.append("  … \(finding.content.count - 200)") }
    try write(Array((lines.joined(separator: "\n") + "\n").utf8))
  }

  private func words(_ extent: Extent) -> String {
    let size = language.exactSize(extent.count)
    switch extent.place {
    case .medium(let start):
      let sector = start.rawValue / 512
      let odd = start.rawValue % 512 == 0 ? "" : " + \(start.rawValue % 512)"
      return "\(sector)\(odd): \(size)"
    case .hole: return language.pick("hole: ", "trou : ") + size
    case .lost: return language.pick("lost: ", "perdu : ") + size
    case .bytes: return language.pick("in metadata: ", "dans les métadonnées : ") + size
    case .packed(let piece):
      let place = piece.stored.map { "\($0.lowerBound.rawValue / 512)" }.joined(separator: ", ")
      return "\(place): " + size + language.pick(", compressed", ", compressés")
    }
  }
}

/// `show --json`.
package struct ShowJSON {
  private let record: Case
  private let id: Int64
  private let finding: Finding

  package init(_ record: Case, id: Int64, finding: Finding) {
    self.record = record
    self.id = id
    self.finding = finding
  }

  package func render(_ write: ([UInt8]) throws -> Void) throws {
    var json = JSONText()
    json.open("{")
    json.field("schema", "renflou-finding-1")
    json.fields(of: finding, id: id, path: try PathNames(record).path(of: finding, id: id))
    json.close("}")
    json.newLine()
    try write(json.take())
  }
}
