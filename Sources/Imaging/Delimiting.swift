// SPDX-License-Identifier: Apache-2.0

import Bytes

/// From the far end of each gap back to where its damage or slowness begins; then from its front
/// where that is not known.
///
/// What was jumped over last before data were good again comes first, the longest first: it is half
/// good, as may be expected. Stripes left untouched follow, and what lies between two failures.
struct Delimiting: Pass {
  let phase = Phase.delimiting
  private var ends: [End]
  private var current = 0
  /// Good bytes in a row, and whether a long read failed here.
  private var calm: ByteCount = 0
  private var isRough = false
  private var attempt: Attempt?

  /// One end of a gap, to be read inwards.
  private struct End: Sendable {
    var rest: Range<ByteOffset>
    var isFront: Bool
    /// Whether good data lie on both sides: it may have been left for being slow alone.
    var isBetweenGood: Bool
  }

  init(gaps: [Range<ByteOffset>], _ map: RescueMap) {
    func isRead(_ offset: ByteOffset) -> Bool {
      offset >= ByteOffset(map.length) || map.status(at: offset) == .finished
    }
    func isOpen(_ gap: Range<ByteOffset>) -> Bool {
      gap.lowerBound == 0 || isRead(gap.lowerBound.retreated(by: 1))
    }
    let left = gaps.filter { !isOpen($0) && isRead($0.upperBound) }.sorted {
      ($1.length, $1.lowerBound) < ($0.length, $0.lowerBound)
    }
    func end(_ gap: Range<ByteOffset>, isFront: Bool) -> End {
      End(
        rest: gap, isFront: isFront, isBetweenGood: isOpen(gap) && isRead(gap.upperBound))
    }
    let others = gaps.filter { isOpen($0) || !isRead($0.upperBound) }.reversed()
    ends = (left + others).map { end($0, isFront: false) }
    ends += others.filter(isOpen).map { end($0, isFront: true) }
  }

  mutating func next(_ survey: Survey) -> [Attempt] {
    while current < ends.count {
      let end = ends[current]
      // What the other end has left.
      let rest = end.isFront ? survey.map.next(.nonTried, from: end.rest.lowerBound) : end.rest
      guard let rest = rest?.clamped(to: end.rest), !rest.isEmpty,
        !end.isFront || rest.lowerBound == end.rest.lowerBound
      else {
        leave()
        continue
      }
      // Good for a long while: a gap that need not have been, in longer reads.
      let length: ByteCount =
        switch calm {
        case _ where isRough: survey.cluster
        case 0x100_0000...: Attempt.longest
        case 0x10_0000... where end.isBetweenGood && survey.costs.wasSlow:
          max(0x4_0000, survey.cluster)
        default: survey.cluster
        }
      let range =
        end.isFront
        ? survey.clusters.first(length, of: rest) : survey.clusters.last(length, of: rest)
      attempt = survey.attempt(range, phase)
      return [survey.attempt(range, phase)]
    }
    return []
  }

  private mutating func leave() {
    current += 1
    (calm, isRough) = (0, false)
  }

  mutating func note(_ outcome: Outcome, _ survey: inout Survey) {
    survey.mark(outcome)
    guard attempt == outcome.attempt, current < ends.count else { return }
    attempt = nil
    let range = outcome.attempt.range
    let whole = ends[current].rest
    if outcome.result == .came {
      ends[current].rest =
        ends[current].isFront
        ? range.upperBound..<max(range.upperBound, whole.upperBound)
        : min(whole.lowerBound, range.lowerBound)..<range.lowerBound
      calm = calm.addingClamped(range.length)
      if survey.costs.isSlow { leave() }
    } else if range.length > survey.cluster {
      (calm, isRough) = (0, true)
    } else {
      leave()
    }
  }

  func remaining(_ survey: Survey) -> Double {
    Double(ends.count - current) * (survey.costs.error + survey.costs.perCommand)
  }
}
