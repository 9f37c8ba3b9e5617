// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

// What befell files, for people who have never heard of a sector.

extension Language {
  /// Why a file is not whole, without jargon; nil where a fact is no reason to a customer.
  func plainWords(_ evidence: Evidence) -> String? {
    switch evidence {
    case .unreadable:
      pick("part of the disk can no longer be read", "une partie du disque ne se lit plus")
    case .overwritten, .claimedByDeleted:
      pick(
        "other files were written over it after it was deleted",
        "d'autres fichiers ont été écrits par-dessus après l'effacement")
    case .beyondMedium:
      pick("the disk ends before the file does", "le disque s'arrête avant la fin du fichier")
    case .blockListIncomplete, .allocationUnknown:
      pick(
        "the disk no longer says where all of its pieces are",
        "le disque ne dit plus où sont tous ses morceaux")
    case .brokenAt, .truncatedAt:
      pick("a piece of it is missing", "il en manque un morceau")
    case .headerMismatch:
      pick(
        "its content is not what its name says", "son contenu n'est pas celui que son nom annonce")
    case .allZeros:
      pick(
        "it holds only zeros, so its content may be gone",
        "il ne contient que des zéros\u{202F}: son contenu a peut-être disparu")
    case .notHandled:
      pick(
        "it is encrypted or stored in a way that cannot be read",
        "il est chiffré ou enregistré d'une façon illisible")
    default: nil
    }
  }

  /// The reasons, each once, the most frequent first.
  func plainWords(_ evidence: [Evidence]) -> [String] {
    var seen: Set<String> = []
    return evidence.compactMap(plainWords).filter { seen.insert($0).inserted }
  }

  /// Time spent: "1 h 20 min".
  func duration(seconds: Int64) -> String {
    let minutes = Int(clamping: (max(0, seconds) + 59) / 60)
    if minutes < 60 { return "\(minutes)\u{A0}min" }
    return "\(number(minutes / 60))\u{A0}h"
      + (minutes % 60 == 0 ? "" : " \(two(minutes % 60))\u{A0}min")
  }

  /// The day of a moment, in UTC: "2026-03-14", "14/03/2026".
  func day(_ moment: Timestamp) -> String { String(time(moment).prefix { $0 != " " }) }
}
