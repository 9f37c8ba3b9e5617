// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Bad blocks again: round by round, so that each is tried at other moments, and from the other
/// direction each time.
///
/// A sample spread over the disk is tried first; where none of it comes, that is all. After that
/// a region is left when it yields less than one block in twenty tries.
struct Retrying: Pass {
  let phase = Phase.retrying
  private let limit: Int
  private var regions: [Region] = []
  /// Blocks to try in this round, in order, each with the index of its region.
  private var queue: [(block: Range<ByteOffset>, region: Int)] = []
  private var position = 0
  private var round = 0
  private var isSample = true
  private var tries = 0.0
  private var successes = 0.0
  private var attempt: Attempt?

  /// Bad blocks near to each other, and what trying them again gave.
  private struct Region: Sendable {
    var blocks: [Range<ByteOffset>]
    var tries = 0.0
    var successes = 0.0
  }

  init(bad: [Range<ByteOffset>], _ survey: Survey, limit: Int) {
    self.limit = limit
    guard limit > 0 else { return }
    for range in bad {
      var start = range.lowerBound
      while start < range.upperBound {
        let block = survey.grid.first(survey.grid.unit, of: start..<range.upperBound)
        let end = regions.last?.blocks.last?.upperBound.advancedClamped(by: 0x10_0000) ?? 0
        if regions.isEmpty || end < block.lowerBound { regions.append(Region(blocks: [])) }
        regions[regions.count - 1].blocks.append(block)
        start = block.upperBound
      }
    }
    let all = regions.indices.flatMap { index in regions[index].blocks.map { ($0, index) } }
    // More where something came already that had failed.
    let sample =
      survey.wavers ? max(16, min(256, all.count / 8)) : max(2, min(64, all.count / 32))
    let count = min(all.count, sample)
    queue = (0..<count).map { all[$0 * all.count / max(count, 1)] }
  }

  mutating func next(_ survey: Survey) -> [Attempt] {
    while position >= queue.count {
      guard begin() else { return [] }
    }
    attempt = survey.attempt(queue[position].block, phase)
    return attempt.map { [$0] } ?? []
  }

  /// Begins the next round; false: trying again is over.
  private mutating func begin() -> Bool {
    guard limit > 0, tries > 0, successes > 0 else { return false }
    let sample = isSample ? Set(queue.map(\.block)) : []
    if !isSample { round += 1 }
    isSample = false
    guard round < limit else { return false }
    queue = []
    position = 0
    for index in regions.indices where yield(regions[index]) >= 0.05 {
      queue += regions[index].blocks.filter { !sample.contains($0) }.map { ($0, index) }
    }
    if round % 2 == 0 { queue.reverse() }
    return !queue.isEmpty || !sample.isEmpty
  }

  /// The share of tries in a region that is expected to come.
  private func yield(_ region: Region) -> Double {
    let overall = (successes + 1) / (tries + 5)
    return (region.successes + 4 * overall) / (region.tries + 4)
  }

  mutating func note(_ outcome: Outcome, _ survey: inout Survey) {
    survey.mark(outcome)
    guard attempt == outcome.attempt, position < queue.count else { return }
    attempt = nil
    let (block, region) = queue[position]
    position += 1
    tries += 1
    regions[region].tries += 1
    guard outcome.result == .came else { return }
    successes += 1
    regions[region].successes += 1
    regions[region].blocks.removeAll { $0 == block }
  }

  func remaining(_ survey: Survey) -> Double {
    let rate = min(0.95, (successes + 0.3) / (tries + 3))
    let inRound = Double(queue.count - position)
    guard successes > 0 else { return inRound * survey.costs.error }
    let blocks = regions.filter { yield($0) >= 0.05 }.reduce(0) { $0 + $1.blocks.count }
    var left = Double(blocks) - inRound * rate
    var total = inRound
    for _ in min(limit, round + 1)..<max(limit, round + 1) {
      total += left
      left *= 1 - rate
    }
    return total * survey.costs.error * (1 - rate)
  }
}
