// SPDX-License-Identifier: Apache-2.0

import Ticketing

/// Why an export waits, in words of both languages.
struct TicketFailure: FrenchExplained {
  private let error: TicketError
  private let marker: String?
  private let caseFolder: String

  /// - Parameter marker: of the export, where it is in the outbox.
  init(_ error: TicketError, marker: String?, caseFolder: String) {
    self.error = error
    self.marker = marker
    self.caseFolder = caseFolder
  }

  /// Whether trying again may help without anybody's doing.
  var isTemporary: Bool {
    switch error.reason {
    case .notReached, .answerLost, .broken: true
    default: false
    }
  }

  private var words: (what: (String, String), advice: (String, String)) {
    let again = (
      "it waits in the outbox; send it with: renflou export \(caseFolder) --send",
      "il attend dans la boîte d'envoi ; envoyez-le avec : renflou export \(caseFolder) --send"
    )
    func said(_ code: String, _ words: String) -> String {
      [code, words].filter { !$0.isEmpty }.joined(separator: ": ")
    }
    switch error.reason {
    case .noSecret(let name):
      return (
        ("\(name) is missing", "\(name) manque"),
        (
          "set it in the environment or in a file of --secrets, then: renflou export \(caseFolder) --send",
          "donnez-le dans l'environnement ou dans un fichier --secrets, puis : "
            + "renflou export \(caseFolder) --send"
        )
      )
    case .notReached(let words):
      return (("no server answers: \(words)", "aucun serveur ne répond : \(words)"), again)
    case .answerLost(let words):
      return (
        ("the answer was lost: \(words)", "la réponse s'est perdue : \(words)"),
        (
          "sending again looks first whether it arrived: renflou export \(caseFolder) --send",
          "le nouvel envoi vérifie d'abord si c'est arrivé : renflou export \(caseFolder) --send"
        )
      )
    case .unsure:
      return (
        (
          "nothing tells whether this step arrived before the connection was cut",
          "rien ne dit si cette étape est arrivée avant la coupure"
        ),
        (
          "look at the ticket; if it is not there, delete \"pending\" in the file of the outbox, then --send",
          "regardez le ticket ; si elle n'y est pas, effacez « pending » dans son fichier de la boîte d'envoi, "
            + "puis --send"
        )
      )
    case .notKnown(let code, let words):
      return (
        (
          "the tool does not accept the token: \(said(code, words))",
          "l'outil n'accepte pas le jeton : \(said(code, words))"
        ),
        (
          "renew the token (and the App-Token), then: renflou export \(caseFolder) --send",
          "renouvelez le jeton (et l'App-Token), puis : renflou export \(caseFolder) --send"
        )
      )
    case .forbidden(let code, let words):
      return (
        (
          "the tool does not allow this: \(said(code, words))",
          "l'outil ne le permet pas : \(said(code, words))"
        ),
        (
          "give the account the right to write in this ticket, then: renflou export \(caseFolder) --send",
          "donnez au compte le droit d'écrire dans ce ticket, puis : "
            + "renflou export \(caseFolder) --send"
        )
      )
    case .noTicket(let ticket):
      return (
        ("there is no ticket \(ticket)", "le ticket \(ticket) n'existe pas"),
        (
          "delete the file from the outbox, and export again with the right --ticket",
          "effacez le fichier de la boîte d'envoi et refaites l'export avec le bon --ticket"
        )
      )
    case .tooLarge(let code, let words):
      return (
        (
          "the file is larger than the tool takes: \(said(code, words))",
          "le fichier dépasse ce que l'outil accepte : \(said(code, words))"
        ),
        (
          "have its limit raised (PHP: post_max_size, upload_max_filesize), then --send",
          "faites relever sa limite (PHP : post_max_size, upload_max_filesize), puis --send"
        )
      )
    case .broken(let code, let words):
      return (
        ("the tool failed: \(said(code, words))", "l'outil a échoué : \(said(code, words))"), again
      )
    case .refused(let code, let words):
      return (
        ("the tool says no: \(said(code, words))", "l'outil refuse : \(said(code, words))"), again
      )
    case .documentChanged(let name):
      return (
        (
          "the copy of \(name) in the outbox is not what it was",
          "la copie de \(name) dans la boîte d'envoi n'est plus la même"
        ),
        (
          "put the copy back, or delete the export and make it anew",
          "remettez la copie, ou effacez l'export et refaites-le"
        )
      )
    case .badTemplate(let problem):
      return (
        ("the template is not usable: \(problem)", "le modèle est inutilisable : \(problem)"),
        ("see TICKETS in the manual", "voyez TICKETS dans le manuel")
      )
    case .badEntry(let path):
      return (
        ("this is no export of ours: \(path)", "ce n'est pas un export de renflou : \(path)"),
        ("move it out of the outbox", "sortez-le de la boîte d'envoi")
      )
    }
  }

  var what: String { words.what.0 }
  var frenchWhat: String { words.what.1 }
  var advice: String { words.advice.0 }
  var frenchAdvice: String { words.advice.1 }
  var place: String {
    [error.step, error.address, marker.map { "\(caseFolder)/outbox/\($0).json" } ?? caseFolder]
      .filter { !$0.isEmpty }.joined(separator: ", ")
  }
}
