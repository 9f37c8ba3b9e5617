// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Reporting

/// A table of what was delivered, as spreadsheets open it: where each file is, what it was called, how it
/// is.
struct ContentsList {
  private let language: Language

  init(_ language: Language) { self.language = language }

  static func name(_ language: Language) -> String {
    language.pick("contents.csv", "contenu.csv")
  }

  func text(of plan: DeliveryPlan) -> String {
    // Spreadsheets take the mark as a sign of UTF-8; a semicolon is what French ones expect.
    var text = "\u{FEFF}" + row(heads)
    for file in plan.files {
      let modified = file.modified.map(language.time) ?? ""
      text += row([
        "data/" + file.path, TerminalText.safe(file.originalPath), "\(file.size.rawValue)",
        modified, state(file), PlainReason(file, language).words, file.sha256.hexadecimal,
      ])
    }
    return text
  }

  private var heads: [String] {
    [
      language.pick("File", "Fichier"), language.pick("Original path", "Chemin d'origine"),
      language.pick("Size (bytes)", "Taille (octets)"),
      language.pick("Modified (UTC)", "Modifié (UTC)"), language.pick("State", "État"),
      language.pick("Why", "Pourquoi"), "SHA-256",
    ]
  }

  private func state(_ file: DeliveryFile) -> String {
    if file.isDamaged { return language.pick("damaged", "endommagé") }
    return file.isDoubtful
      ? language.pick("to be checked", "à vérifier") : language.pick("whole", "entier")
  }

  private func row(_ cells: [String]) -> String {
    cells.map(cell).joined(separator: language.pick(",", ";")) + "\r\n"
  }

  /// Quoted; what a spreadsheet would take for a formula gets an apostrophe in front.
  private func cell(_ text: String) -> String {
    let isFormula = text.first.map { "=+-@".contains($0) } ?? false
    return "\"" + (isFormula ? "'" : "") + text.replacing("\"", with: "\"\"") + "\""
  }
}
