// SPDX-License-Identifier: Apache-2.0

import Bytes
import Health
import Imaging
import Reporting

/// What `image` says while it works, and at its end.
extension Messages {
  func stage(_ stage: RescueProgress.Stage) -> String {
    switch stage {
    case .looking: pick("looking at the file systems", "lecture des systèmes de fichiers")
    case .reading(.copying): pick("copying what is easy", "copie de ce qui est facile")
    case .reading(.delimiting): pick("finding where damage ends", "recherche des bords des dégâts")
    case .reading(.sweeping): pick("going through damaged areas", "parcours des zones abîmées")
    case .reading(.trimming): pick("trimming damage", "réduction des dégâts")
    case .reading(.scraping): pick("sector by sector", "secteur par secteur")
    case .reading(.retrying): pick("trying bad sectors again", "nouvel essai des mauvais secteurs")
    case .waiting: pick("the source is gone: waiting for it", "la source a disparu : attente")
    case .cooling: pick("too hot: cooling down", "trop chaud : refroidissement")
    case .filling: pick("filling what was not read", "remplissage de ce qui n'a pas été lu")
    case .hashing: pick("hashing the image", "empreinte de l'image")
    case .verifying: pick("checking the image", "vérification de l'image")
    }
  }

  func tightImage(_ needed: ByteCount, _ free: ByteCount) -> String {
    pick(
      "the source holds \(language.size(needed)), the target has \(language.size(free)): "
        + "it fits only if much of the source is zeros; a full target loses nothing",
      "la source contient \(language.size(needed)), la cible offre \(language.size(free)) : "
        + "cela ne tient que si la source a beaucoup de zéros ; une cible pleine ne perd rien")
  }

  /// What a wish for files found.
  func wished(_ pattern: String, _ count: Int, _ bytes: ByteCount) -> String {
    let files = language.count(count, ("file", "files"), ("fichier", "fichiers"))
    return pick(
      "first: \(TerminalText.safe(pattern)): \(files), \(language.size(bytes))",
      "d'abord : \(TerminalText.safe(pattern)) : \(files), \(language.size(bytes))")
  }

  /// What the disk says of its health while it is imaged, where that is worth telling; else nil.
  func health(_ step: HealthWatch.Step, wasPaused: Bool) -> String? {
    switch step.order {
    case .stop(let reason): return self.reason(reason)
    case .pause(let degrees) where !wasPaused:
      let now = degrees.map { pick(" (\($0) °C)", " (\($0) °C)") } ?? ""
      return pick(
        "the disk is too hot\(now): it is left alone until it has cooled",
        "le disque est trop chaud\(now) : il est laissé au repos jusqu'à refroidir")
    case .goOn where wasPaused:
      return pick("cool enough: going on", "assez froid : la copie continue")
    default: break
    }
    let change = step.change
    let risen = [
      (change.pending, pick("pending sectors", "secteurs en attente")),
      (change.reallocated, pick("replaced sectors", "secteurs remplacés")),
      (change.reportedUncorrectable, pick("uncorrected errors", "erreurs non corrigées")),
      (change.cableErrors, pick("cable errors", "erreurs de câble")),
    ].filter { $0.0 > 0 }.map { "\($0.1) +\(language.number(Int(clamping: $0.0)))" }
    guard !risen.isEmpty else { return nil }
    return pick("since the start: ", "depuis le début : ") + risen.joined(separator: ", ")
  }

  /// A line for a log or a pipe.
  func rescueLine(_ progress: RescueProgress, rate: Double) -> String {
    var parts = [stage(progress.stage), share(progress)]
    parts.append(language.size(ByteCount(UInt64(max(0, rate)))) + "/s")
    parts += losses(progress)
    if let remaining = progress.remaining { parts.append(left(remaining)) }
    return parts.joined(separator: "  ")
  }

  /// What a terminal shows.
  func rescueLines(_ progress: RescueProgress, rate: Double, name: String) -> [String] {
    let since = duration(progress.secondsSinceGood)
    return [
      TerminalText.safe(name),
      "[" + mapLine(progress.map, cells: 64) + "]",
      "\(stage(progress.stage))  \(share(progress))  "
        + language.size(ByteCount(UInt64(max(0, rate)))) + "/s",
      (losses(progress) + [
        pick("last good read \(since) ago", "dernière lecture bonne il y a \(since)")
      ])
      .joined(separator: "  "),
      (progress.remaining.map { left($0) + "  " } ?? "")
        + pick(
          "Ctrl-C stops and keeps everything; run it again to go on",
          "Ctrl-C arrête et garde tout ; relancez pour continuer"),
    ]
  }

  private func share(_ progress: RescueProgress) -> String {
    let finished = progress.map.count(.finished)
    let whole = max(1, progress.map.length.rawValue)
    switch progress.stage {
    case .hashing, .verifying:
      return "\(language.size(progress.done)) / \(language.size(progress.map.length))"
    default:
      let percent = language.percent(finished.rawValue, of: whole)
      return "\(language.size(finished)) / \(language.size(progress.map.length)) (\(percent))"
    }
  }

  private func losses(_ progress: RescueProgress) -> [String] {
    let bad = progress.map.count(.bad)
    let open = progress.map.count(.nonTrimmed).addingClamped(progress.map.count(.nonScraped))
    var parts: [String] = []
    if bad > 0 { parts.append(language.size(bad) + pick(" bad", " illisibles")) }
    if open > 0 {
      parts.append(language.size(open) + pick(" damaged, not yet done", " abîmés, à faire"))
    }
    let failed = language.number(progress.failedReads)
    parts.append(pick("\(failed) failed reads", "\(failed) lectures échouées"))
    return parts
  }

  private func left(_ range: ClosedRange<Double>) -> String {
    pick("left ", "reste ") + duration(range.lowerBound) + "–" + duration(range.upperBound)
  }

  /// A cell for each part of the source: what is worst there.
  func mapLine(_ map: RescueMap, cells: Int) -> String {
    let length = map.length.rawValue
    guard length > 0 else { return "" }
    var worst = [Int](repeating: 0, count: cells)
    for block in map.blocks {
      func cell(_ offset: UInt64) -> Int {
        min(cells - 1, Int(Double(offset) / Double(length) * Double(cells)))
      }
      let rank =
        switch block.status {
        case .finished: 1
        case .nonTried: 2
        case .nonTrimmed, .nonScraped: 3
        case .bad: 4
        }
      let last = cell(block.range.upperBound.rawValue - 1)
      for index in cell(block.range.lowerBound.rawValue)...last {
        worst[index] = max(worst[index], rank)
      }
    }
    return String(worst.map { Array(" #.?x")[$0] })
  }

  /// The same as an event for programs.
  func rescueEvent(_ progress: RescueProgress, rate: Double) -> String {
    let map = progress.map
    let remaining = progress.remaining.map {
      ",\"remaining\":[\(Int($0.lowerBound)),\(Int(min($0.upperBound, 1e9)))]"
    }
    return """
      {"schema":"renflou-image-progress-1","stage":"\(ImageDocument.name(progress.stage))",\
      "length":\(map.length.rawValue),"finished":\(map.count(.finished).rawValue),\
      "bad":\(map.count(.bad).rawValue),"nonTried":\(map.count(.nonTried).rawValue),\
      "nonTrimmed":\(map.count(.nonTrimmed).rawValue),\
      "nonScraped":\(map.count(.nonScraped).rawValue),"position":\(progress.position.rawValue),\
      "failedReads":\(progress.failedReads),"bytesPerSecond":\(UInt64(max(0, rate))),\
      "secondsSinceGoodRead":\(Int(progress.secondsSinceGood)),\
      "done":\(progress.done.rawValue)\(remaining ?? "")}
      """
  }

  /// What came of it.
  func imaged(_ document: ImageDocument) -> String {
    var lines = [
      pick("Read: ", "Lu : ") + language.size(ByteCount(document.finished))
        + pick(" of ", " sur ") + language.size(ByteCount(document.length))
    ]
    if document.bad > 0 {
      lines.append(
        pick("Bad: ", "Illisible : ") + language.size(ByteCount(document.bad))
          + pick(" in \(document.badAreas) areas", " en \(document.badAreas) zones"))
    }
    if document.untried > 0 {
      lines.append(
        pick("Not yet tried to the end: ", "Pas encore essayé à fond : ")
          + language.size(ByteCount(document.untried)))
    }
    for (name, digest) in document.digests.sorted(by: { $0.key < $1.key }) {
      lines.append("\(name.uppercased()): \(digest)")
    }
    lines.append(pick("Map: ", "Carte : ") + TerminalText.safe(document.map))
    lines.append(
      document.unread == 0
        ? pick("The image is whole.", "L'image est entière.")
        : pick(
          "What could not be read is told by the map; renflou takes it into account by itself.",
          "Ce qui n'a pas pu être lu est dans la carte ; renflou en tient compte de lui-même."))
    return lines.joined(separator: "\n") + "\n"
  }
}
