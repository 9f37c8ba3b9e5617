// SPDX-License-Identifier: Apache-2.0

import Bytes
import Health
import Identification
import Partitions
import Recovery
import Reporting
import Storage
import Volumes

extension Messages {
  /// All of `triage`: the disk, the course, why, what was seen, and what next.
  func triage(_ triage: Triage) -> String {
    var lines = [heading(triage), course(triage.advice.course)]
    lines += triage.advice.reasons.map { reason in
      let sign = reason.course == .stop ? "!!" : reason.course == .goGently ? " !" : "  "
      return "  \(sign) \(self.reason(reason))"
    }
    if let report = triage.health.report {
      let facts = facts(report)
      if !facts.isEmpty { lines.append(pick("The disk says: ", "Le disque dit : ") + facts) }
    }
    lines.append(samples(triage))
    lines += content(triage)
    if triage.isBlockDevice { lines.append(use(triage)) }
    lines.append(pick("Next:", "Ensuite :"))
    lines += next(triage).map { "  → \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private func heading(_ triage: Triage) -> String {
    let report = triage.health.report
    let path = triage.path
    let size = language.size(triage.length)
    guard triage.isBlockDevice else {
      return TerminalText.safe("\(path)  \(size)  ") + pick("image file", "fichier image")
    }
    let names = [report?.model, triage.device?.model]
    let name = names.lazy.compactMap { $0 }.first { !$0.isEmpty }
    let serials = [report?.serial, triage.device?.serial]
    let serial = serials.lazy.compactMap { $0 }.first { !$0.isEmpty }
    let ofDisk = triage.device.flatMap { $0.path == path ? nil : pick("of ", "de ") + $0.path }
    return
      ([path, ofDisk, size, name].compactMap { $0 }
      + [serial.map { pick("serial ", "n° de série ") + $0 }].compactMap { $0 })
      .map(TerminalText.safe).joined(separator: "  ")
  }

  private func course(_ course: Advice.Course) -> String {
    switch course {
    case .go: pick("GO: nothing speaks against it", "ALLEZ-Y : rien ne s'y oppose")
    case .goGently:
      pick(
        "GO GENTLY: image it before anything else, what matters first",
        "ALLEZ-Y DOUCEMENT : faites une image avant toute chose, l'important d'abord")
    case .stop: pick("STOP: do not read this disk now", "STOP : ne lisez pas ce disque maintenant")
    }
  }

  func facts(_ report: SMARTReport) -> String {
    var facts: [String] = []
    switch report.passed {
    case true: facts.append(pick("self-assessment passed", "auto-évaluation réussie"))
    case false: facts.append(pick("self-assessment FAILED", "auto-évaluation EN ÉCHEC"))
    case nil: break
    }
    if let degrees = report.temperature { facts.append("\(degrees) °C") }
    if let hours = report.powerOnHours {
      let number = language.number(Int(clamping: hours))
      facts.append(pick("\(number) hours in use", "\(number) heures de marche"))
    }
    if let rate = report.rotationRate {
      facts.append(
        rate == 0
          ? pick("no platters", "sans plateaux")
          : language.number(rate) + pick(" rpm", " tr/min"))
    }
    if let used = report.enduranceUsed {
      facts.append(pick("endurance used: \(used) %", "endurance consommée : \(used) %"))
    }
    if let firmware = report.firmware {
      facts.append(pick("firmware ", "micrologiciel ") + TerminalText.safe(firmware))
    }
    if let limit = report.ata?.errorRecoveryLimit {
      facts.append(
        limit == 0
          ? pick("repeats a bad read for as long as it likes", "répète une lecture sans limite")
          : pick("gives a bad read up after ", "abandonne une lecture après ") + tenths(limit)
            + " s")
    }
    return facts.joined(separator: ", ")
  }

  private func samples(_ triage: Triage) -> String {
    let heading = pick("Samples of 1 MiB: ", "Échantillons de 1 Mio : ")
    guard !triage.samples.isEmpty else {
      return heading + pick("not taken, to spare the disk", "aucun, pour ménager le disque")
    }
    return heading
      + triage.samples.map { sample in
        switch sample.outcome {
        case .read: "\(place(sample.place)) \(milliseconds(sample.seconds))"
        case .failed:
          "\(place(sample.place)) " + pick("DID NOT READ", "ILLISIBLE")
            + " (\(milliseconds(sample.seconds)))"
        case .hung: "\(place(sample.place)) " + pick("HUNG", "BLOQUÉ")
        }
      }.joined(separator: ", ")
  }

  private func content(_ triage: Triage) -> [String] {
    guard let probe = triage.probe else {
      return [pick("What is on it: not looked at", "Contenu : pas examiné")]
    }
    let table = probe.table.map { " (\($0.scheme))" } ?? ""
    return [pick("What is on it", "Contenu") + table + pick(":", " :")]
      + probe.slices.map { slice in
        let number = slice.partition.map { "\($0.number)" } ?? "-"
        let label = slice.volume.map(\.label) ?? slice.identity?.label ?? ""
        let kind = slice.volume?.kind ?? slice.identity?.type ?? ""
        let name = kind.isEmpty ? pick("nothing recognised", "rien de reconnu") : kind
        let problem = slice.volume == nil ? slice.problem.map { "  ! " + language.remark($0) } : nil
        return TerminalText.safe(
          "  \(number)  \(name)" + (label.isEmpty ? "" : " “\(label)”")
            + "  \(language.size(slice.range.length))" + (problem ?? ""))
      }
  }

  private func use(_ triage: Triage) -> String {
    let mounts = triage.device?.mounts ?? []
    let mounted =
      mounts.isEmpty
      ? pick("Not mounted", "Non monté")
      : TerminalText.safe(pick("Mounted: ", "Monté : ") + mounts.joined(separator: ", "))
    let flag =
      switch triage.isReadOnly {
      case true: pick("; the kernel refuses writes", " ; le noyau refuse les écritures")
      case false: pick("; the kernel allows writes", " ; le noyau permet les écritures")
      case nil: ""
      }
    return mounted + flag
  }

  func place(_ place: Sample.Place) -> String {
    switch place {
    case .start: pick("start", "début")
    case .middle: pick("middle", "milieu")
    case .end: pick("end", "fin")
    }
  }

  func milliseconds(_ seconds: Double) -> String {
    seconds < 10
      ? language.number(Int((seconds * 1000).rounded(.up))) + " ms"
      : language.number(Int(min(seconds, 1e6).rounded())) + " s"
  }

  private func tenths(_ count: UInt64) -> String {
    language.number(Int(clamping: count / 10))
      + (count % 10 == 0 ? "" : pick(".", ",") + "\(count % 10)")
  }
}
