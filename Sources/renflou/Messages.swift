// SPDX-License-Identifier: Apache-2.0

import Bytes
import Health
import Identification
import Partitions
import Recovery
import Reporting
import Volumes

/// What the command itself says, in the technician's language. Reports have their own catalogue in
/// `Reporting`; numbers and sizes are written as there.
struct Messages {
  let language: Language

  /// The text of this language: both stand side by side, so that neither is forgotten.
  func pick(_ english: String, _ french: String) -> String {
    switch language {
    case .english: english
    case .french: french
    }
  }

  var interrupted: String {
    pick(
      "renflou: interrupted; everything found so far is saved\n  → run the same command again to go on",
      "renflou : interrompu ; tout ce qui a été trouvé est enregistré\n"
        + "  → relancez la même commande pour continuer")
  }

  var listInterrupted: String {
    pick("renflou: interrupted; nothing was written", "renflou : interrompu ; rien n'a été écrit")
  }

  func noVolume(in place: String) -> String {
    pick(
      "renflou: no file system can be read\n  \(place)\n"
        + "  → scan it, and name the case: renflou scan \(place) --case CASE",
      "renflou : aucun système de fichiers lisible\n  \(place)\n"
        + "  → analysez-la et nommez l'affaire : renflou scan \(place) --case CASE")
  }

  var waiting: String {
    pick(
      "the target takes no more; waiting for room (Ctrl-C stops and keeps everything)",
      "la cible est pleine ; attente de place (Ctrl-C arrête et conserve tout)")
  }

  var noDevices: String { pick("no disks were found", "aucun disque trouvé") }

  func tight(_ needed: ByteCount, _ free: ByteCount) -> String {
    pick(
      "the files need \(language.size(needed)), the target has \(language.size(free)): "
        + "what fits is written, then the same command goes on when there is room",
      "les fichiers demandent \(language.size(needed)), la cible offre \(language.size(free)) : "
        + "ce qui tient est écrit, puis la même commande continue quand il y a de la place")
  }

  func recovered(_ totals: RecoveryTotals, to folder: String) -> String {
    let files = language.count(totals.files, ("file", "files"), ("fichier", "fichiers"))
    let damaged = language.number(totals.damaged)
    let size = language.size(totals.bytes)
    let absurd = language.number(totals.absurd)
    let refused =
      totals.absurd == 0
      ? ""
      : pick(
        "\(absurd) not written: their recorded size is beyond this medium\n",
        "\(absurd) non écrits : la taille enregistrée dépasse ce support\n")
    let twins =
      totals.twins == 0
      ? ""
      : pick(
        "\(language.number(totals.twins)) carved twice, written once\n",
        "\(language.number(totals.twins)) trouvés en double, écrits une fois\n")
    let known =
      totals.known == 0
      ? ""
      : pick(
        "\(language.number(totals.known)) known files left out\n",
        "\(language.number(totals.known)) fichiers connus laissés de côté\n")
    return refused + twins + known
      + pick(
        "\(files), \(size), written to \(folder)/files (\(damaged) damaged)\n"
          + "Report: \(folder)/report.html",
        "\(files), \(size), écrits dans \(folder)/files (\(damaged) endommagés)\n"
          + "Rapport : \(folder)/report.html")
  }
}

extension Messages {
  /// One disk of `devices`: two lines.
  func device(_ device: Device, health: HealthAnswer?) -> String {
    var facts = [
      pick("sectors", "secteurs")
        + " \(device.logicalSector.rawValue)/\(device.physicalSector.rawValue)",
      device.isRotational
        ? pick("rotating", "à plateaux") : pick("solid state", "mémoire flash"),
    ]
    if let health { facts.append(healthWord(health)) }
    if device.isRemovable { facts.append(pick("removable", "amovible")) }
    if device.isReadOnly { facts.append(pick("read-only", "lecture seule")) }
    if device.isSystemDisk { facts.append(pick("SYSTEM DISK", "DISQUE SYSTÈME")) }
    let name = device.model.isEmpty ? pick("no model name", "modèle inconnu") : device.model
    let serial = device.serial.isEmpty ? "" : pick("  serial ", "  n° de série ") + device.serial
    let mounts =
      device.mounts.isEmpty
      ? pick("not mounted", "non monté")
      : pick("mounted: ", "monté : ") + device.mounts.joined(separator: ", ")
    return """
      \(device.path)  \(language.size(device.size))  \(TerminalText.safe(name))\(TerminalText.safe(serial))
          \(facts.joined(separator: ", ")); \(TerminalText.safe(mounts))
      """
  }

  /// What lies on a source, a line for each slice.
  func probe(_ probe: Probe, source: Source) -> String {
    var lines = ["\(TerminalText.safe(source.name))  \(language.size(source.length))"]
    if let table = probe.table {
      lines.append(pick("Partition table: ", "Table de partitions : ") + "\(table.scheme)")
      lines += table.remarks.map { "  ! \(TerminalText.safe(language.remark($0)))" }
    } else {
      lines.append(pick("No partition table", "Pas de table de partitions"))
    }
    for slice in probe.slices {
      lines += self.slice(
        slice, sample: source.medium.flatMap { slice.sampleFreeSpace(on: Source($0)) })
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func freeSpace(_ sample: FreeSpaceSample) -> String {
    let counts = (language.number(sample.blank), language.number(sample.examined))
    let fact = pick(
      "free space: \(counts.0) of \(counts.1) samples are blank",
      "espace libre : \(counts.0) échantillons sur \(counts.1) sont vides")
    guard sample.isHopeless else { return fact }
    return fact
      + pick(
        "; erased (TRIM) or never used: little that was deleted will be found",
        " ; effacé (TRIM) ou jamais utilisé : on retrouvera peu de ce qui a été supprimé")
  }

  /// What to say before a long scan; nil where the free space promises something.
  func warning(before scan: Probe, of source: Source) -> String? {
    guard let medium = source.medium else { return nil }
    let lines = scan.slices.compactMap { slice -> String? in
      guard let sample = slice.sampleFreeSpace(on: Source(medium)), sample.isHopeless else {
        return nil
      }
      return "renflou: " + slice.folder + ": " + freeSpace(sample)
    }
    return lines.isEmpty ? nil : lines.joined(separator: "\n") + "\n"
  }

  private func slice(_ slice: Slice, sample: FreeSpaceSample?) -> [String] {
    let number = slice.partition.map { "\($0.number)" } ?? "-"
    let sector = language.number(Int(clamping: slice.range.lowerBound.rawValue / 512))
    let what = slice.volume.map { volume in
      volume.kind + (volume.label.isEmpty ? "" : " “\(TerminalText.safe(volume.label))”")
    }
    let name =
      what ?? slice.identity.map { TerminalText.safe($0.type) }
      ?? pick("nothing recognised", "rien de reconnu")
    var lines = [
      "  \(number)  \(name)  \(language.size(slice.range.length)), "
        + pick("from sector ", "à partir du secteur ") + sector
    ]
    lines += (slice.volume?.remarks ?? []).map { remark in
      "     \(TerminalText.safe(language.remark(remark)))"
    }
    if let support = slice.support {
      let counts = (language.number(support.consistent), language.number(support.examined))
      lines.append(
        pick(
          "     no longer in force: \(counts.0) of \(counts.1) structures agree with it",
          "     n'est plus en vigueur : \(counts.0) structures sur \(counts.1) lui correspondent"))
    }
    if let sample { lines.append("     \(freeSpace(sample))") }
    if slice.volume == nil, let problem = slice.problem {
      lines.append("     ! \(TerminalText.safe(language.remark(problem)))")
    }
    return lines
  }
}

extension Messages {
  /// One line of progress: phase, done of total, rate, errors, remaining time as a range.
  func progressLine(_ progress: JobProgress, rate: Rate) -> String {
    var parts = [phase(progress.phase)]
    let done = language.size(progress.done)
    parts.append(progress.total > 0 ? "\(done) / \(language.size(progress.total))" : done)
    if rate.bytesPerSecond > 0 {
      parts.append(language.size(ByteCount(UInt64(rate.bytesPerSecond))) + "/s")
    }
    if progress.files > 0 {
      parts.append(
        language.count(progress.files, ("file", "files"), ("fichier", "fichiers")))
    }
    if progress.defects > 0 {
      parts.append(language.size(progress.defects) + pick(" unread", " illisibles"))
    }
    if let remaining = rate.remaining {
      parts.append(
        pick("left ", "reste ") + duration(remaining.lowerBound) + "–"
          + duration(remaining.upperBound))
    }
    return parts.joined(separator: "  ")
  }

  /// The same as an event for programs.
  func progressEvent(_ progress: JobProgress, rate: Rate) -> String {
    """
    {"schema":"renflou-progress-1","phase":"\(progress.phase.rawValue)",\
    "done":\(progress.done.rawValue),"total":\(progress.total.rawValue),\
    "unread":\(progress.defects.rawValue),"files":\(progress.files),\
    "bytesPerSecond":\(UInt64(rate.bytesPerSecond))}
    """
  }

  private func phase(_ phase: JobProgress.Phase) -> String {
    switch phase {
    case .pass: pick("reading", "lecture")
    case .volumes: pick("file systems", "systèmes de fichiers")
    case .carving: pick("carving", "extraction")
    case .recovering: pick("writing", "écriture")
    case .verifying: pick("checking", "vérification")
    case .delivering: pick("delivering", "livraison")
    }
  }

  func duration(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 8_640_000).rounded())
    if whole >= 3600 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
    return whole >= 60 ? "\(whole / 60) min" : "\(whole) s"
  }
}
