// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension Walk {
  /// What each file lost to others that were given the same clusters: who has what fits there wins,
  /// or else who wrote last.
  func losses(_ layouts: [Int: Layout]) -> [Int: [RivalClaims<Int>.Loss]] {
    var claims = RivalClaims<Int>()
    for (index, layout) in layouts {
      claims.add(
        layout.runs.filter { !$0.isLost && $0.run.count > 0 }.map { part in
          let start = ByteOffset(boot.offset(of: part.run.start))
          return start..<ByteOffset(boot.offset(of: part.run.end))
        }, of: index)
    }
    var fits: [Int: Double] = [:]
    func fitOf(_ index: Int) -> Double {
      if let known = fits[index] { return known }
      let known = layouts[index].map { fit(jobs[index], $0) } ?? 0
      fits[index] = known
      return known
    }
    return claims.losses(
      areRivals: { $0 != $1 },
      isLater: { first, second in
        let (one, other) = (fitOf(first), fitOf(second))
        if one != other { return one > other }
        return (jobs[first].latest, first) > (jobs[second].latest, second)
      })
  }

  /// 1 where both ends are as a file's name and size promise, -1 where its start is not, or its end and
  /// nothing speaks for its start; a chain that survived is no guess.
  private func fit(_ job: Job, _ layout: Layout) -> Double {
    if layout.evidence.contains(.blockListSurvived) { return 2 }
    guard let first = layout.runs.first?.run, let last = layout.runs.last?.run, last.count > 0
    else {
      return -1
    }
    let start = ContentHint.start(job.entry, in: first.start, source, boot)
    let end = ContentHint.ending(job.entry, in: last.end &- 1, source, boot)
    if start < 0 || end < 0 && start == 0 { return -1 }
    return start > 0 && end > 0 ? 1 : 0
  }
}
