// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The insides of gaps: always where the next second is expected to give the most good bytes. A
/// gap is left when another one promises clearly more.
struct Sweeping: Pass {
  let phase = Phase.sweeping
  private var heap = Heap<Gap>()
  private var gap: Gap?
  private var reads = 0
  private var attempt: Attempt?
  /// Blocks that were read in all gaps, and reads that failed.
  private var blocks = 0.0
  private var failures = 0.0

  init(gaps: [Range<ByteOffset>], _ survey: Survey) {
    for range in gaps.reversed() {
      let gap = Gap(range, survey)
      heap.insert(gap, value: gap.value(survey))
    }
  }

  mutating func next(_ survey: Survey) -> [Attempt] {
    if let attempt { return [attempt] }
    if let gap, reads >= 8, let other = heap.bestValue, gap.value(survey) < 0.5 * other {
      heap.insert(gap, value: gap.value(survey))
      self.gap = nil
    }
    while gap?.rest.isEmpty ?? true {
      reads = 0
      gap = heap.removeBest()
      if gap == nil { return [] }
    }
    guard let gap else { return [] }
    let length = ByteCount(UInt64(gap.readBlocks(survey)) &* survey.grid.unit.rawValue)
    attempt = survey.attempt(survey.grid.first(min(length, Attempt.longest), of: gap.rest), phase)
    return attempt.map { [$0] } ?? []
  }

  mutating func note(_ outcome: Outcome, _ survey: inout Survey) {
    let block = survey.mark(outcome)
    guard attempt == outcome.attempt else { return }
    attempt = nil
    reads += 1
    let came = outcome.result == .came
    blocks += came ? survey.grid.blocks(in: outcome.attempt.range) : 1
    failures += came ? 0 : 1
    gap?.note(outcome, failed: block, survey)
    survey.learn(good: blocks - failures, bad: failures)
  }

  func remaining(_ survey: Survey) -> Double {
    let usual = (failures + 1) / (blocks + 4)
    return heap.elements.reduce(gap?.remaining(survey, usual: usual) ?? 0) {
      $0 + $1.remaining(survey, usual: usual)
    }
  }
}
