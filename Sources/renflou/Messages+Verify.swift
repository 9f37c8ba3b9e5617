// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Recovery
import Reporting

extension Messages {
  var auditInterrupted: String {
    pick(
      "renflou: interrupted; with --state FILE the same command would go on where it was",
      "renflou : interrompu ; avec --state FICHIER la même commande continuerait là où elle était")
  }

  /// One file that differs: a line, and below it where and how.
  func audit(_ entry: AuditEntry) -> String {
    var line = "\(word(entry.outcome))  \(TerminalText.safe(entry.path))"
    if let target = entry.target { line += " → \(TerminalText.safe(target))" }
    return ([line] + details(entry).map { "    " + $0 }).joined(separator: "\n")
  }

  private func word(_ outcome: AuditEntry.Outcome) -> String {
    switch outcome {
    case .matched: pick("matched", "conforme")
    case .changed: pick("CHANGED", "MODIFIÉ")
    case .moved: pick("MOVED", "DÉPLACÉ")
    case .missing: pick("MISSING", "MANQUANT")
    case .new: pick("new", "nouveau")
    case .metadata: pick("METADATA", "MÉTADONNÉES")
    case .malformed: pick("MALFORMED", "MAL FORMÉ")
    case .unproven: pick("UNPROVEN", "NON PROUVÉ")
    case .unreadable: pick("UNREADABLE", "ILLISIBLE")
    }
  }

  private func details(_ entry: AuditEntry) -> [String] {
    var details: [String] = []
    if entry.outcome == .changed, let expected = entry.expectedSize, let size = entry.size,
      expected != size
    {
      details.append(
        pick(
          "\(bytes(size)), should be \(bytes(expected))",
          "\(bytes(size)), au lieu de \(bytes(expected))"))
    }
    if let difference = entry.difference { details += self.details(difference, entry.places) }
    if entry.unread > 0 {
      details.append(
        pick(
          "\(bytes(entry.unread)) cannot be read from the source",
          "\(bytes(entry.unread)) illisibles sur la source"))
    }
    if let place = entry.brokenAt {
      details.append(
        pick(
          "its format breaks off at byte \(number(place))",
          "son format s'interrompt à l'octet \(number(place))"))
    }
    if let times = entry.times {
      details.append(
        pick("modified ", "modifié le ") + language.time(times.found)
          + pick(", should be ", ", au lieu du ") + language.time(times.expected))
    }
    if let modes = entry.modes {
      let (expected, found) = (octal(modes.expected), octal(modes.found))
      details.append(
        pick("mode \(found), should be \(expected)", "droits \(found), au lieu de \(expected)"))
    }
    if let totals = entry.totals {
      details.append(
        pick(
          "Payload-Oxum is \(totals.expected), the bag holds \(totals.found)",
          "Payload-Oxum indique \(totals.expected), le sac contient \(totals.found)"))
    }
    return details
  }

  private func details(
    _ difference: ContentDifference, _ places: [Range<ByteOffset>]
  ) -> [String] {
    let first = number(difference.first)
    let shown = difference.ranges.prefix(4).map(span).joined(separator: ", ")
    let isAll = difference.ranges.count <= 4 && !difference.isCutShort
    var lines = [
      pick(
        "differs from byte \(first) on; bytes ",
        "diffère à partir de l'octet \(first)\u{202F}; octets ")
        + shown + (isAll ? "" : " …")
    ]
    if !places.isEmpty {
      lines.append(
        pick("on the source: bytes ", "sur la source\u{202F}: octets ")
          + places.prefix(4).map(span).joined(separator: ", ") + (places.count > 4 ? " …" : ""))
    }
    return lines
  }

  /// First and last byte.
  private func span(_ range: Range<ByteOffset>) -> String {
    let last = ByteOffset(range.upperBound.rawValue - min(1, range.upperBound.rawValue))
    return "\(number(range.lowerBound))–\(number(last))"
  }

  private func number(_ offset: ByteOffset) -> String {
    language.number(Int(clamping: offset.rawValue))
  }

  private func bytes(_ count: ByteCount) -> String {
    language.count(Int(clamping: count.rawValue), ("byte", "bytes"), ("octet", "octets"))
  }

  private func octal(_ mode: UInt16) -> String { "0" + String(mode, radix: 8) }

  /// The tally of an audit: what matched, and of the rest what there is.
  func audit(_ document: AuditDocument) -> String {
    let words: [(AuditEntry.Outcome, String, (String, String))] = [
      (.matched, "matched", ("conforme", "conformes")),
      (.changed, "changed", ("modifié", "modifiés")),
      (.moved, "moved", ("déplacé", "déplacés")),
      (.missing, "missing", ("manquant", "manquants")),
      (.new, "new", ("nouveau", "nouveaux")),
      (.metadata, "with other metadata", ("aux métadonnées autres", "aux métadonnées autres")),
      (.malformed, "malformed", ("mal formé", "mal formés")),
      (.unproven, "unproven", ("non prouvé", "non prouvés")),
      (.unreadable, "unreadable", ("illisible", "illisibles")),
    ]
    let always: Set<AuditEntry.Outcome> = [.matched, .changed, .moved, .missing, .new]
    return words.compactMap { outcome, english, french in
      let count = document.number(of: outcome)
      guard count > 0 || always.contains(outcome) else { return nil }
      return language.count(count, (english, english), french)
    }.joined(separator: ", ")
  }
}
