// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Reporting

/// Why a file is damaged, for somebody who knows nothing of file systems.
struct PlainReason {
  private let file: DeliveryFile
  private let language: Language

  init(_ file: DeliveryFile, _ language: Language) {
    self.file = file
    self.language = language
  }

  /// A sentence without its full stop; empty for a file that is whole.
  var words: String {
    guard file.isDamaged || file.isDoubtful else { return "" }
    let kinds = file.evidence.compactMap(kind)
    let reason = sentence(kinds.min() ?? .guess)
    guard file.missing > 0 else { return reason }
    let size = language.size(file.missing)
    return reason + language.prose(" (\(size) missing)", " (il manque \(size))")
  }

  /// From what matters most to what matters least.
  private enum Kind: Int, Comparable {
    case unreadable, overwritten, zeros, cut, broken, unhandled, mismatch, guess

    static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
  }

  private func kind(_ fact: Evidence) -> Kind? {
    switch fact {
    case .unreadable, .beyondMedium: .unreadable
    case .overwritten, .claimedByDeleted: .overwritten
    case .allZeros: .zeros
    case .truncatedAt, .blockListIncomplete: .cut
    case .brokenAt: .broken
    case .headerMismatch: .mismatch
    case .notHandled: .unhandled
    case .contiguityAssumed, .startGuessed, .sizeGuessed, .allocationUnknown, .gapsSkipped: .guess
    default: nil
    }
  }

  private func sentence(_ kind: Kind) -> String {
    switch kind {
    case .unreadable:
      language.prose(
        "a piece of it lay where the disk can no longer be read",
        "un morceau se trouvait là où le disque n'est plus lisible")
    case .overwritten:
      language.prose(
        "something else was written over a part of it",
        "autre chose a été écrit par-dessus une partie")
    case .zeros:
      language.prose("its content is gone; it is blank", "son contenu a disparu ; il est vide")
    case .cut: language.prose("a part of it is missing", "il en manque une partie")
    case .broken:
      language.prose(
        "its content is damaged; it may not open", "son contenu est abîmé ; il peut ne pas s'ouvrir"
      )
    case .unhandled:
      language.prose(
        "it was stored in a way that could not be read in full",
        "il était enregistré d'une façon qui n'a pas pu être lue en entier")
    case .mismatch:
      language.prose(
        "its content is not what its name says", "son contenu n'est pas celui que son nom annonce")
    case .guess:
      language.prose(
        "where a part of it lay had to be guessed",
        "l'emplacement d'une partie a dû être deviné")
    }
  }
}
