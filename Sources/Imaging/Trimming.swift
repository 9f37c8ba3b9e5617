// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The edges of each read that failed, block by block from both ends up to the first bad one; what
/// lies between is left to scraping.
struct Trimming: Pass {
  let phase = Phase.trimming
  private let ranges: [Range<ByteOffset>]
  private var current = 0
  private var rest: Range<ByteOffset>?
  private var isBackward = false
  private var attempt: Attempt?
  private var failures = 0.0

  init(_ ranges: [Range<ByteOffset>]) { self.ranges = ranges }

  mutating func next(_ survey: Survey) -> [Attempt] {
    while current < ranges.count {
      let rest = self.rest ?? ranges[current]
      self.rest = rest
      if rest.isEmpty {
        leave()
        continue
      }
      let range =
        if survey.namesSectors {
          survey.grid.first(Attempt.longest, of: rest)
        } else if isBackward {
          survey.grid.last(survey.grid.unit, of: rest)
        } else {
          survey.grid.first(survey.grid.unit, of: rest)
        }
      attempt = survey.attempt(range, phase)
      return [survey.attempt(range, phase)]
    }
    return []
  }

  private mutating func leave() {
    current += 1
    rest = nil
    isBackward = false
  }

  mutating func note(_ outcome: Outcome, _ survey: inout Survey) {
    let block = survey.mark(outcome)
    guard attempt == outcome.attempt, let old = rest else { return }
    attempt = nil
    let range = outcome.attempt.range
    if outcome.result == .came {
      rest =
        range.lowerBound == old.lowerBound
        ? range.upperBound..<old.upperBound : old.lowerBound..<range.lowerBound
      if rest?.isEmpty ?? false, !isBackward, !survey.namesSectors { survey.revived += 1 }
      return
    }
    failures += 1
    guard let block else {
      // A long read failed, and no sector was named after all: block by block, then.
      survey.map.mark(range, .nonTrimmed)
      return
    }
    if survey.namesSectors {
      rest = block.upperBound..<old.upperBound
    } else if isBackward {
      survey.map.mark(old.lowerBound..<block.lowerBound, .nonScraped)
      leave()
    } else {
      rest = block.upperBound..<old.upperBound
      isBackward = true
    }
  }

  func remaining(_ survey: Survey) -> Double {
    let left = Double(max(0, ranges.count - current))
    // Two and a half failures a range, until some were trimmed.
    return left * survey.costs.error * (failures + 5) / (Double(current) + 2)
  }
}
