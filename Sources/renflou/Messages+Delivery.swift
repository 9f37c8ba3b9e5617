// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Delivery
import Reporting

extension Messages {
  /// What came of a delivery.
  func delivered(_ result: DeliveryResult, to folder: String) -> String {
    let plan = result.plan
    let files = language.count(
      result.delivered, ("file delivered", "files delivered"), ("fichier livré", "fichiers livrés"))
    let size = language.size(result.bytes)
    let kept = language.number(result.kept)
    var lines = [
      "\(files), \(size)"
        + (result.kept > 0 ? pick(", \(kept) of them before", ", dont \(kept) déjà là") : "")
    ]
    func add(_ count: Int, _ english: String, _ french: String) {
      if count > 0 { lines.append(language.number(count) + " " + pick(english, french)) }
    }
    add(plan.twins, "twice there, delivered once", "en double, livrés une fois")
    add(plan.known, "known files left out", "fichiers connus laissés de côté")
    add(plan.doubtful, "to be looked at: not proved right", "à regarder : rien ne les prouve")
    add(plan.damaged, "damaged, in a folder of their own", "endommagés, dans un dossier à part")
    add(
      plan.leftOut.count, "damaged left out; --with-damaged delivers them",
      "endommagés laissés de côté ; --with-damaged les livre")
    add(
      plan.notRecovered, "deleted files found, but not recovered; renflou recover writes them",
      "fichiers effacés trouvés, mais non récupérés ; renflou recover les écrit")
    for count in plan.wishes where count.notRecovered > 0 {
      add(
        count.notRecovered,
        "wished for, but NOT recovered yet: " + TerminalText.safe(count.wish.words),
        "souhaités, mais PAS encore récupérés : " + TerminalText.safe(count.wish.words))
    }
    for failure in result.failures.prefix(20) {
      lines.append(
        pick("NOT DELIVERED", "NON LIVRÉ") + "  " + TerminalText.safe(failure.file.path)
          + pick(": ", "\u{202F}: ") + reason(failure.outcome))
    }
    if result.failures.count > 20 {
      add(result.failures.count - 20, "more not delivered (--json)", "autres non livrés (--json)")
    }
    if !result.isComplete {
      lines.append(
        pick(
          "the bag is NOT complete: recover again, then run the same command",
          "le sac n'est PAS complet : récupérez à nouveau, puis relancez la même commande"))
    }
    lines.append(TerminalText.safe(folder))
    return lines.joined(separator: "\n")
  }

  private func reason(_ outcome: DeliveryResult.Outcome) -> String {
    switch outcome {
    case .missing:
      pick("the recovery's folder no longer has it", "le dossier de récupération ne l'a plus")
    case .changed:
      pick(
        "the recovery's folder has something else", "le dossier de récupération a autre chose")
    case .changedInTarget:
      pick(
        "something else stands at its place; it was not touched",
        "autre chose se trouve à sa place ; rien n'y a été touché")
    case .copied, .kept: ""
    }
  }

  /// Why there is nothing to deliver.
  func nothingToDeliver(_ plan: DeliveryPlan) -> String {
    if !plan.leftOut.isEmpty {
      let count = language.number(plan.leftOut.count)
      return pick(
        "renflou: nothing to deliver but damaged files (\(count))\n  → --with-damaged delivers them",
        "renflou : rien à livrer que des fichiers endommagés (\(count))\n"
          + "  → --with-damaged les livre")
    }
    return pick(
      "renflou: none of the files that the filters select was recovered\n"
        + "  → write them first: renflou recover",
      "renflou : aucun des fichiers que les filtres choisissent n'a été récupéré\n"
        + "  → écrivez-les d'abord : renflou recover")
  }
}

extension DeliveryError: FrenchExplained {
  var frenchWhat: String {
    switch reason {
    case .foreign: "la cible contient un fichier qui n'est pas de cette livraison"
    case .tooLargeForFAT(let count, let largest):
      "le système de fichiers de la cible (FAT) ne prend aucun fichier de 4 Gio ; il y en a "
        + "\(count), le plus grand de \(Language.french.size(largest))"
    case .noRoom(let needed, let free):
      "la livraison demande \(Language.french.size(needed)), la cible en a \(Language.french.size(free))"
    case .noRecovery: "les fichiers récupérés ne sont pas là"
    }
  }

  var frenchAdvice: String {
    switch reason {
    case .foreign:
      "nommez un dossier vide, ou relancez avec les choix de la livraison commencée"
    case .tooLargeForFAT:
      "nommez une cible en exFAT ou NTFS, ou écartez ces fichiers avec --max-size 4095M"
    case .noRoom:
      "nommez une cible plus grande, ou livrez moins : --type, --path, sans --with-damaged"
    case .noRecovery:
      "écrivez-les d'abord avec `renflou recover`, puis nommez ce dossier avec --from"
    }
  }
}
