// SPDX-License-Identifier: Apache-2.0

extension Language {
  /// The name of an event of a case's log. The log itself is in English, whatever the language, and its
  /// hashes cover that; names that are not known stay as they are.
  func word(ofEvent event: String) -> String {
    let words: [String: (String, String)] = [
      "attached": ("attached", "pièce jointe"), "closed": ("closed", "clôture"),
      "command": ("command", "commande"), "erased": ("erased", "effacement"),
      "export waits": ("export waits", "envoi en attente"), "exported": ("exported", "envoi"),
      "files written": ("files written", "fichiers écrits"), "health": ("health", "santé"),
      "imaged": ("imaged", "image faite"), "note": ("note", "note"), "phase": ("phase", "étape"),
      "report written": ("report written", "rapport écrit"),
      "scan resumed": ("scan resumed", "analyse reprise"),
      "scan started": ("scan started", "début d'analyse"), "triage": ("triage", "tri"),
    ]
    return words[event].map(pick) ?? event
  }
}
