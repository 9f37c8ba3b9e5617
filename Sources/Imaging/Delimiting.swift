// SPDX-License-Identifier: Apache-2.0

import Bytes

/// From the far end of each gap back to where its damage or slowness begins; also from its front
/// where that is not known.
struct Delimiting: Pass {
  let phase = Phase.delimiting
  /// The gaps, the last of which is being delimited.
  private var gaps: [Range<ByteOffset>]
  private var isAtFront = false
  /// Good bytes in a row.
  private var calm: ByteCount = 0
  private var attempt: Attempt?

  init(gaps: [Range<ByteOffset>]) { self.gaps = gaps }

  mutating func next(_ survey: Survey) -> [Attempt] {
    while let gap = gaps.last {
      if gap.isEmpty {
        leave()
        continue
      }
      if isAtFront, !isOpen(gap, survey.map) {
        leave()
        continue
      }
      // Good for a long while: a gap that need not have been, in longer reads.
      let length = calm < 0x100_0000 ? survey.cluster : Attempt.longest
      let range =
        isAtFront ? survey.grid.first(length, of: gap) : survey.grid.last(length, of: gap)
      attempt = survey.attempt(range, phase)
      return [survey.attempt(range, phase)]
    }
    return []
  }

  /// Whether what lies before a gap was read: then its front is not known to be damaged.
  private func isOpen(_ gap: Range<ByteOffset>, _ map: RescueMap) -> Bool {
    gap.lowerBound == 0 || map.status(at: gap.lowerBound.retreated(by: 1)) == .finished
  }

  private mutating func leave() {
    gaps.removeLast()
    (isAtFront, calm) = (false, 0)
  }

  mutating func note(_ outcome: Outcome, _ survey: inout Survey) {
    survey.mark(outcome)
    guard attempt == outcome.attempt, let gap = gaps.popLast() else { return }
    attempt = nil
    let range = outcome.attempt.range
    let came = outcome.result == .came
    let isShort = range.length <= survey.cluster
    var rest = gap
    if came || isShort {
      rest =
        isAtFront
        ? range.upperBound..<max(range.upperBound, gap.upperBound)
        : min(gap.lowerBound, range.lowerBound)..<range.lowerBound
    }
    gaps.append(rest)
    if came, !survey.costs.isSlow {
      calm = calm.addingClamped(range.length)
    } else if !came, !isShort {
      calm = 0
    } else if isAtFront {
      leave()
    } else {
      (isAtFront, calm) = (true, 0)
    }
  }

  func remaining(_ survey: Survey) -> Double {
    Double(gaps.count) * (survey.costs.error + survey.costs.perCommand)
  }
}
