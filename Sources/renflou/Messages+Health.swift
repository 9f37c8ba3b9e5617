// SPDX-License-Identifier: Apache-2.0

import Bytes
import Health
import Reporting

extension Messages {
  /// A disk's health in a word, for lists; empty where it tells nothing.
  func healthWord(_ answer: HealthAnswer) -> String {
    switch answer {
    case .report, .notIdentified, .tooSlow:
      switch Advice(answer).health {
      case .good: pick("healthy", "en bonne santé")
      case .weak: pick("WEAK", "FRAGILE")
      case .failing: pick("FAILING", "EN PANNE")
      case .unknown: pick("health not told", "santé inconnue")
      }
    case .noRights: pick("health: only root may ask", "santé : seul root peut la demander")
    default: pick("health not told", "santé inconnue")
    }
  }

  var noSmartctl: String {
    pick(
      "health is not shown: smartctl is not installed (apt install smartmontools)",
      "santé non affichée : smartctl n'est pas installé (apt install smartmontools)")
  }

  /// One reason of an advice.
  func reason(_ reason: Reason) -> String {
    func count(
      _ number: UInt64, _ english: (String, String), _ french: (String, String)
    ) -> String { language.count(Int(clamping: number), english, french) }
    return switch reason {
    case .systemDisk:
      pick(
        "the running system lives on it: it goes on overwriting what was deleted",
        "le système en marche s'y trouve : il continue d'écraser ce qui a été supprimé")
    case .mounted(let points):
      TerminalText.safe(
        pick(
          "mounted at \(points.joined(separator: ", ")): what is written there overwrites deleted files",
          "monté sur \(points.joined(separator: ", ")) : y écrire écrase les fichiers supprimés"))
    case .healthUnknown(let why): unknown(why)
    case .notIdentified(let words):
      pick("it does not say what it is: ", "il ne s'identifie pas : ") + TerminalText.safe(words)
    case .doesNotAnswer(let seconds):
      pick(
        "it did not answer within \(milliseconds(seconds))",
        "pas de réponse en \(milliseconds(seconds))")
    case .selfAssessmentFailed:
      pick("the disk itself says that it is failing", "le disque dit lui-même qu'il lâche")
    case .spinRetries(let number):
      pick(
        "its platters did not start at once (10): ",
        "ses plateaux n'ont pas démarré du premier coup (10) : ")
        + count(number, ("retry", "retries"), ("reprise", "reprises"))
    case .temperature(let degrees):
      pick(
        "too hot: \(degrees) °C, \(SMARTReport.hottest) at most",
        "trop chaud : \(degrees) °C, \(SMARTReport.hottest) au plus")
    case .temperatureWarning:
      pick("too hot by its own limit", "trop chaud selon sa propre limite")
    case .pendingSectors(let number):
      count(number, ("sector", "sectors"), ("secteur illisible", "secteurs illisibles"))
        + pick(" did not read (pending, 197)", " en attente (197)")
    case .pendingRises(let number):
      pick(
        "more pending sectors after three reads: +",
        "plus de secteurs en attente après trois lectures : +")
        + language.number(Int(clamping: number))
    case .offlineUncorrectable(let number):
      count(number, ("sector", "sectors"), ("secteur illisible", "secteurs illisibles"))
        + pick(" that its own search cannot read (198)", " pour sa propre recherche (198)")
    case .reportedUncorrectable(let number):
      count(number, ("error", "errors"), ("erreur non corrigée", "erreurs non corrigées"))
        + pick(" that it could not correct (187)", " (187)")
    case .uncorrectableRises(let number):
      pick(
        "more uncorrected errors after three reads: +",
        "plus d'erreurs non corrigées après trois lectures : +")
        + language.number(Int(clamping: number))
    case .endToEndErrors(let number):
      pick("data changed inside the disk (184): ", "données altérées dans le disque (184) : ")
        + language.number(Int(clamping: number))
    case .uncorrectedReads(let number):
      count(number, ("read", "reads"), ("lecture non corrigée", "lectures non corrigées"))
        + pick(" stayed uncorrected", "")
    case .mediaErrors(let number):
      count(number, ("media error", "media errors"), ("erreur de mémoire", "erreurs de mémoire"))
    case .spareLow(let left):
      pick("its spare blocks run out", "ses blocs de réserve s'épuisent")
        + (left.map { pick(": \($0) % left", " : reste \($0) %") } ?? "")
    case .worn(let percent):
      pick(
        "\(percent) % of its rated endurance is used",
        "\(percent) % de son endurance prévue est consommée")
    case .reallocated(let number):
      count(number, ("sector was", "sectors were"), ("secteur remplacé", "secteurs remplacés"))
        + pick(" replaced in its life (5)", " au cours de sa vie (5)")
    case .grownDefects(let number):
      count(number, ("sector was", "sectors were"), ("secteur remplacé", "secteurs remplacés"))
        + pick(" replaced in its life (grown defects)", " au cours de sa vie (défauts acquis)")
    case .commandTimeouts(let number):
      count(number, ("command", "commands"), ("commande", "commandes"))
        + pick(" timed out in its life (188)", " hors délai au cours de sa vie (188)")
    case .cableErrors(let number):
      count(number, ("cable error", "cable errors"), ("erreur de câble", "erreurs de câble"))
        + pick(" in its life (199)", " au cours de sa vie (199)")
    case .cableErrorsRise(let number):
      pick("cable errors rise (199): +", "les erreurs de câble augmentent (199) : +")
        + language.number(Int(clamping: number))
        + pick(" after three reads", " après trois lectures")
    case .hiddenArea(let size):
      pick(
        "the disk holds \(language.size(size)) more than the system shows (hidden area, HPA)",
        "le disque contient \(language.size(size)) de plus que le système n'en montre (zone cachée, HPA)"
      )
    default: plain(reason) ?? sampled(reason) ?? reason.name
    }
  }

  /// Reasons without a number.
  private func plain(_ reason: Reason) -> String? {
    switch reason {
    case .belowThreshold:
      pick(
        "a value that foretells failure is at its limit",
        "une valeur annonciatrice de panne est à sa limite")
    case .degraded: pick("it calls its own reliability degraded", "il dit sa fiabilité dégradée")
    case .selfTestsFailed: pick("earlier self tests failed", "des autotests passés ont échoué")
    case .readOnlyDisk:
      pick(
        "it takes no more writes; imaging does not mind",
        "il n'accepte plus d'écritures ; sans effet sur l'image")
    case .backupFailed:
      pick(
        "its power-cut protection failed; imaging does not mind",
        "sa protection contre les coupures est en panne ; sans effet sur l'image")
    case .errorsLogged: pick("its log holds errors", "son journal contient des erreurs")
    default: nil
    }
  }

  private func sampled(_ reason: Reason) -> String? {
    switch reason {
    case .nothingReads:
      pick("none of the samples can be read", "aucun échantillon n'est lisible")
    case .sampleHung(let place, let seconds):
      pick(
        "the read at the \(self.place(place)) hung for \(milliseconds(seconds))",
        "la lecture (\(self.place(place))) est restée bloquée \(milliseconds(seconds))")
    case .sampleFailed(let place, let offset):
      pick(
        "unreadable at the \(self.place(place)), from sector ",
        "illisible (\(self.place(place))), à partir du secteur ")
        + language.number(Int(clamping: offset.rawValue / 512))
    case .sampleSlow(let place, let seconds):
      pick(
        "slow at the \(self.place(place)): 1 MiB took \(milliseconds(seconds))",
        "lent (\(self.place(place))) : 1 Mio en \(milliseconds(seconds))")
    default: nil
    }
  }

  private func unknown(_ why: Reason.Unknown) -> String {
    let words =
      switch why {
      case .notADevice: pick("not a device", "pas un périphérique")
      case .noSmartctl: pick("smartctl is not installed", "smartctl n'est pas installé")
      case .noRights: pick("only root may ask", "seul root peut la demander")
      case .unknownBridge: pick("the USB bridge hides it", "l'adaptateur USB la cache")
      case .untold: pick("this device tells none", "ce périphérique n'en dit rien")
      case .unusable: pick("smartctl gave no usable answer", "réponse de smartctl inutilisable")
      }
    return pick("health (SMART) unknown: ", "santé (SMART) inconnue : ") + words
  }
}
