// SPDX-License-Identifier: Apache-2.0

import Bytes

/// All blocks that no read told anything about alone; the longest ranges first, since short ones
/// are mostly damage from end to end.
struct Scraping: Pass {
  let phase = Phase.scraping
  private let ranges: [Range<ByteOffset>]
  private var current = 0
  private var position: ByteOffset = 0
  private var attempt: Attempt?
  private var left: Double
  private var tries = 2.0
  private var failures = 1.0

  init(_ ranges: [Range<ByteOffset>], _ grid: Grid) {
    self.ranges = ranges.sorted {
      ($1.length, $0.lowerBound) < ($0.length, $1.lowerBound)
    }
    left = ranges.reduce(0) { $0 + grid.blocks(in: $1) }
  }

  mutating func next(_ survey: Survey) -> [Attempt] {
    while current < ranges.count {
      let start = max(position, ranges[current].lowerBound)
      guard start < ranges[current].upperBound else {
        current += 1
        position = 0
        continue
      }
      let length = survey.namesSectors ? Attempt.longest : survey.grid.unit
      let range = survey.grid.first(length, of: start..<ranges[current].upperBound)
      attempt = survey.attempt(range, phase)
      return [survey.attempt(range, phase)]
    }
    return []
  }

  mutating func note(_ outcome: Outcome, _ survey: inout Survey) {
    let block = survey.mark(outcome)
    guard attempt == outcome.attempt else { return }
    attempt = nil
    let range = outcome.attempt.range
    let came = outcome.result == .came
    guard let end = came ? range.upperBound : block?.upperBound else {
      survey.map.mark(range, .nonScraped)
      return
    }
    position = end
    let blocks = survey.grid.blocks(in: range.lowerBound..<end)
    left = max(0, left - blocks)
    tries += blocks
    if !came { failures += 1 }
  }

  func remaining(_ survey: Survey) -> Double {
    left * (survey.costs.error * failures / tries + survey.costs.perCommand)
  }
}
