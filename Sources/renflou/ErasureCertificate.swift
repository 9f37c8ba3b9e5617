// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import Reporting
import Storage

/// What was erased, how, and what that does not promise; as text or as a page.
struct ErasureCertificate {
  struct Item {
    let path: String
    let length: ByteCount
    let medium: MediumKind
    /// SHA-256 of what it held; nil where it could not be read, or nothing was erased.
    var sha256: [UInt8]?
    var isErased = false
  }

  let caseFolder: String
  let customer: String?
  let ticket: String?
  let items: [Item]
  let at: Timestamp
  let language: Language
  /// Nothing was done yet.
  let isPlan: Bool

  var text: String {
    var lines = [title, ""]
    lines += facts.map { "\($0)\(colon)\(TerminalText.safe($1))" } + [""]
    for item in items { lines += [TerminalText.safe(item.path), "  " + words(item)] }
    return (lines + [""] + method + [""] + signatures).joined(separator: "\n") + "\n"
  }

  var html: String {
    let rows = items.map { "<tr><td>\(escaped($0.path))</td><td>\(escaped(words($0)))</td></tr>" }
    let head = facts.map { "<p>\(escaped($0))\(colon)\(escaped($1))</p>" }
    return """
      <!DOCTYPE html>
      <html lang="\(language.rawValue)"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(escaped(title))</title>
      <style>body{font:1rem/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}
      td{border-top:1px solid #999;padding:.3rem;vertical-align:top;overflow-wrap:anywhere}</style>
      </head><body><h1>\(escaped(title))</h1>
      \(head.joined(separator: "\n"))
      <table>\(rows.joined(separator: "\n"))</table>
      \((method + signatures).map { "<p>\(escaped($0))</p>" }.joined(separator: "\n"))
      </body></html>

      """
  }

  private var title: String {
    isPlan
      ? language.pick("What would be erased", "Ce qui serait effacé")
      : language.pick("Certificate of erasure", "Certificat d'effacement")
  }

  private var colon: String { language.pick(": ", "\u{202F}: ") }

  private var facts: [(String, String)] {
    var facts = [(language.pick("Case", "Affaire"), caseFolder)]
    if let customer { facts.append((language.pick("Customer", "Client"), customer)) }
    if let ticket { facts.append((language.pick("Ticket", "Ticket"), ticket)) }
    facts.append((language.pick("Date (UTC)", "Date (UTC)"), language.time(at)))
    return facts
  }

  private func words(_ item: Item) -> String {
    var parts = [language.size(item.length)]
    if !item.medium.fileSystem.isEmpty {
      parts.append(language.pick("file system ", "système de fichiers ") + item.medium.fileSystem)
    }
    switch item.medium.isRotational {
    case true?: parts.append(language.pick("rotating disk", "disque à plateaux"))
    case false?: parts.append(language.pick("solid state or virtual", "mémoire flash ou virtuel"))
    case nil: parts.append(language.pick("kind of medium unknown", "type de support inconnu"))
    }
    if let sha256 = item.sha256 { parts.append("SHA-256 \(sha256.hexadecimal)") }
    if !isPlan {
      parts.append(
        item.isErased
          ? language.pick("erased", "effacé") : language.pick("NOT ERASED", "NON EFFACÉ"))
    }
    return parts.joined(separator: ", ")
  }

  private var method: [String] {
    var lines = [
      language.pick(
        "Method: each file was overwritten once with zeros through the file system, flushed and "
          + "deleted. In the words of NIST SP 800-88 Rev. 1 this is like Clear, of single files: "
          + "neither Purge nor Destroy, and the medium as a whole was not sanitized.",
        "Méthode\u{202F}: chaque fichier a été écrasé une fois par des zéros à travers le système "
          + "de fichiers, synchronisé puis supprimé. Selon les termes de NIST SP 800-88 Rev. 1, "
          + "cela s'apparente à « Clear », fichier par fichier\u{202F}: ni « Purge » ni "
          + "« Destroy », et le support entier n'a pas été assaini."),
      language.pick(
        "Limits: other copies, backups, snapshots, the journal of the file system and the swap "
          + "space were not touched. The overwriting was not read back.",
        "Limites\u{202F}: les autres copies, les sauvegardes, les instantanés, le journal du "
          + "système de fichiers et l'espace d'échange n'ont pas été touchés. L'écrasement n'a pas "
          + "été relu."),
    ]
    if items.contains(where: { $0.medium.isRotational != true }) {
      lines.append(
        language.pick(
          "Solid state media write elsewhere than before: old blocks may stay in the drive until "
            + "it reuses them.",
          "Les mémoires flash écrivent ailleurs qu'auparavant\u{202F}: d'anciens blocs peuvent "
            + "rester dans le support jusqu'à leur réutilisation."))
    }
    if items.contains(where: \.medium.copiesOnWrite) {
      lines.append(
        language.pick(
          "A copy-on-write file system does not overwrite in place: the old blocks were freed, "
            + "not erased.",
          "Un système de fichiers à copie sur écriture n'écrase pas sur place\u{202F}: les anciens "
            + "blocs ont été libérés, non effacés."))
    }
    return lines
  }

  private var signatures: [String] {
    isPlan
      ? []
      : [
        language.pick("Technician, date, signature", "Technicien, date, signature") + colon
          + "____________________",
        language.pick("Witness, date, signature", "Témoin, date, signature") + colon
          + "____________________",
      ]
  }

  private func escaped(_ text: String) -> String {
    TerminalText.safe(text).reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
  }
}
