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
      let subject = language.count(
        passedOver, ("signature was passed over", "signatures were passed over"),
        ("signature a été ignorée", "signatures ont été ignorées"))
      lines.append(
        subject
          + language.pick(
            ": so many of one kind stood in one place, off the sectors where files begin, that nearly all must be part of something else.",
            " : il y en avait tant d'un même type au même endroit, hors des secteurs où les fichiers commencent, que presque toutes font partie d'autre chose."
          ))
    }
    if unfollowed > 0 {
      let subject = language.count(
        unfollowed,
        ("possible file start was followed", "possible file starts were followed"),
        (
          "début de fichier possible n'a été suivi", "débuts de fichiers possibles n'ont été suivis"
        ))
      lines.append(
        subject
          + language.pick(
            " only a part of the way, or not at all: what stood around had used up its share of time.",
            " qu'en partie, ou pas du tout : le voisinage avait épuisé sa part de temps."))
    }
    return lines
  }
}
