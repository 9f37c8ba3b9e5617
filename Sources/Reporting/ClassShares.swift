// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How much of a medium looks like what.
struct ClassShares {
  private let totals: [BlockClass: ByteCount]
  private let whole: ByteCount

  /// From this share of zeros on, little is left to be found.
  private static let blank = 0.9

  init(_ totals: [BlockClass: ByteCount]) {
    self.totals = totals
    whole = totals.values.reduce(0) { $0.addingClamped($1) }
  }

  func share(_ kind: BlockClass) -> Double {
    whole > 0 ? Double((totals[kind] ?? 0).rawValue) / Double(whole.rawValue) : 0
  }

  /// "61 % zeros, 30 % photos, archives, encrypted …"; then the hint.
  func words(_ language: Language) -> String {
    let parts = BlockClass.allCases.filter { share($0) >= 0.005 }.map {
      "\(Int((share($0) * 100).rounded())) % \($0.word(language))"
    }
    return ([parts.joined(separator: ", ")] + [hint(language)].compactMap { $0 })
      .joined(separator: ". ")
  }

  /// A warning where most of the medium is blank; nil elsewhere.
  func hint(_ language: Language) -> String? {
    let blank = share(.zero)
    guard whole > 0, blank >= Self.blank else { return nil }
    let percent = Int((blank * 100).rounded(.down))
    return language.pick(
      "\(percent) % of it is zeros: little is left to be found. On an SSD or a card, TRIM has probably erased what was deleted; else it was wiped or never written.",
      "\(percent) % sont des zéros : il reste peu à trouver. Sur un SSD ou une carte, TRIM a sans doute effacé ce qui a été supprimé ; sinon l'espace a été effacé exprès ou n'a jamais servi."
    )
  }
}
