// SPDX-License-Identifier: Apache-2.0

import Case

/// What a scan did not follow to its end: nothing on a disk may keep it for ever.
struct CutShort {
  private let passedOver: Int
  private let unfollowed: Int

  init(_ record: Case) throws {
    passedOver = try record.hitsPassedOver()
    unfollowed = try record.candidatesCutShort()
  }

  func lines(_ language: Language) -> [String] {
    var lines: [String] = []
    if passedOver > 0 {
      let hits = language.number(passedOver)
      lines.append(
        language.pick(
          "\(hits) signatures were passed over: so many of one kind stood in one place, off the sectors where files begin, that nearly all must be part of something else.",
          "\(hits) signatures ont été ignorées : il y en avait tant d'un même type au même endroit, hors des secteurs où les fichiers commencent, que presque toutes font partie d'autre chose."
        ))
    }
    if unfollowed > 0 {
      let candidates = language.number(unfollowed)
      lines.append(
        language.pick(
          "\(candidates) possible file starts were followed only a part of the way, or not at all: what stood around them had used up its share of time.",
          "\(candidates) débuts de fichiers possibles n'ont été suivis qu'en partie, ou pas du tout : leur voisinage avait épuisé sa part de temps."
        ))
    }
    return lines
  }
}
