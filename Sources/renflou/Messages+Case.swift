// SPDX-License-Identifier: Apache-2.0

import Case
import Findings
import Reporting

extension Messages {
  /// The wish list, a wish a line.
  func wishes(_ wishes: [Wish]) -> String {
    if wishes.isEmpty { return pick("no wishes", "aucun souhait") + "\n" }
    return wishes.map { wish in
      var facts = wish.patterns + wish.types.sorted()
      if let since = wish.since { facts.append(pick("since ", "depuis ") + language.time(since)) }
      if let until = wish.until { facts.append(pick("until ", "jusqu'au ") + language.time(until)) }
      let what =
        facts.isEmpty ? pick("all files", "tous les fichiers") : facts.joined(separator: ", ")
      return "\(wish.number)  \(TerminalText.safe(wish.words))  [\(TerminalText.safe(what))]\n"
    }.joined()
  }

  /// What `case show` tells.
  func sheet(_ sheet: CaseDocument) -> String {
    var text = ""
    for field in Intervention.Field.allCases {
      guard let words = sheet.fields[field.rawValue] else { continue }
      text += fieldName(field) + pick(": ", "\u{202F}: ") + TerminalText.safe(words) + "\n"
    }
    if !sheet.source.isEmpty {
      text += pick("source: ", "source\u{202F}: ") + TerminalText.safe(sheet.source) + "\n"
    }
    text += pick("wishes:\n", "souhaits\u{202F}:\n") + wishes(sheet.list)
    for file in sheet.attachments {
      text += pick("attached: ", "pièce jointe\u{202F}: ") + TerminalText.safe(file.name)
      text += "  \(TerminalText.safe(file.words))  sha256 \(file.sha256)\n"
    }
    let hands = sheet.seconds(of: .handsOn)
    let machine = sheet.seconds(of: .machine)
    return text
      + pick(
        "time: \(duration(hands)) by hand, \(duration(machine)) of the machine\n",
        "temps\u{202F}: \(duration(hands)) de travail, \(duration(machine)) de machine\n")
  }

  /// A line of the log.
  func logLine(_ line: LogLine) -> String {
    "\(line.number)  \(language.time(line.at)) UTC  \(TerminalText.safe(line.event))"
      + (line.detail.isEmpty ? "" : "  " + TerminalText.safe(line.detail)) + "\n"
  }

  /// Whether a log is as it was written.
  func log(lines: Int, fault: LogFault?) -> String {
    guard let fault else {
      return pick(
        "the log is unbroken: \(lines) lines", "le journal est intact\u{202F}: \(lines) lignes")
    }
    let number = fault.line
    let what =
      switch fault.kind {
      case .changed:
        pick(
          "line \(number) is the first that does not fit",
          "la ligne \(number) est la première qui ne correspond pas")
      case .removed: pick("line \(number) was removed", "la ligne \(number) a été retirée")
      case .added: pick("line \(number) was added", "la ligne \(number) a été ajoutée")
      case .unrecorded:
        pick(
          "its second record, log.hashes, is missing: last lines may have been removed",
          "son second relevé, log.hashes, manque\u{202F}: "
            + "des dernières lignes ont pu être retirées")
      }
    return pick("the log was changed: ", "le journal a été modifié\u{202F}: ") + what
  }

  /// Whose signature of the log holds.
  func signature(_ signature: LogSignature) -> String {
    let line = signature.line
    return switch signature.standing {
    case .holds(let key):
      pick("signed up to line \(line) with ", "signé jusqu'à la ligne \(line) avec ")
        + TerminalText.safe(key)
    case .isFalse:
      pick("the signature of line \(line) is false", "la signature de la ligne \(line) est fausse")
    case .ofAnotherLog:
      pick(
        "the log up to line \(line) is not the one that was signed",
        "le journal jusqu'à la ligne \(line) n'est pas celui qui a été signé")
    case .cannotBeChecked:
      pick(
        "the signature of line \(line) was not checked: install openssh-client",
        "la signature de la ligne \(line) n'a pas été vérifiée\u{202F}: installez openssh-client")
    }
  }

  private func duration(_ seconds: Int64) -> String {
    let minutes = seconds / 60
    if minutes == 0 { return "\(seconds) s" }
    return minutes < 60
      ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
  }

  private func fieldName(_ field: Intervention.Field) -> String {
    switch field {
    case .customer: pick("customer", "client")
    case .contact: pick("contact", "contact")
    case .ticket: pick("ticket", "ticket")
    case .technician: pick("technician", "technicien")
    case .organisation: pick("organisation", "organisme")
    case .request: pick("request", "demande")
    case .deadline: pick("deadline", "échéance")
    case .agreed: pick("agreed", "convenu")
    case .consent: pick("consent", "accord")
    case .make: pick("make", "marque")
    case .model: pick("model", "modèle")
    case .serial: pick("serial number", "numéro de série")
    case .capacity: pick("capacity", "capacité")
    case .interface: pick("interface", "interface")
    case .firmware: pick("firmware", "micrologiciel")
    case .accessories: pick("accessories", "accessoires")
    case .arrival: pick("state on arrival", "état à l'arrivée")
    case .seal: pick("seal", "scellé")
    case .receivedFrom: pick("received from", "reçu de")
    case .receivedAt: pick("received at", "reçu le")
    case .diagnosis: pick("diagnosis", "diagnostic")
    case .work: pick("work done", "travaux")
    case .advice: pick("advice", "conseils")
    case .price: pick("price", "prix")
    case .storage: pick("storage", "conservation")
    case .retention: pick("retention", "durée de conservation")
    }
  }
}

extension Failure {
  /// The wish list that a command was to follow is empty.
  static func noWishes(_ folder: String) -> Failure {
    Failure(
      status: .usage,
      what: ("the case has no wish list", "l'affaire n'a pas de liste de souhaits"), place: folder,
      advice: (
        "add a wish: renflou case wish \(folder) \"the thesis\" --path '*.docx'",
        "ajoutez un souhait\u{202F}: renflou case wish \(folder) \"la thèse\" --path '*.docx'"
      ))
  }
}
