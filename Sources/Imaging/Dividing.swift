// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Whether parts of a bad block can be read, tried on a few blocks; if so, all bad blocks sector
/// by sector.
///
/// Devices tell sectors of 512 bytes and fail in blocks of 4 KiB; nearly always the trial says so.
/// A block counts as divisible only if a part of it comes and the rest fails four times in turn: a
/// weak block can look so once.
struct Dividing: Pass {
  let phase = Phase.scraping
  /// Blocks to try.
  private var trials: [Range<ByteOffset>]
  private var step = Step.first
  private var part: Range<ByteOffset>?
  private var turns = 0
  private var attempt: Attempt?
  /// How many blocks were tried in vain, and whether one is divisible.
  private(set) var tested = 0
  private(set) var isDivisible = false

  private enum Step { case first, last, rest, again }

  /// The blocks to try out of all `bad` ranges: spread over them, one of 32, at most eight with
  /// those that were tried before.
  init(bad: [Range<ByteOffset>], _ survey: Survey, tested: Int) {
    trials = []
    guard survey.sector < survey.grid.unit else { return }
    let whole = bad.filter { $0.length >= survey.grid.unit }
    let blocks = whole.reduce(0) { $0 + survey.grid.blocks(in: $1) }
    let wanted = min(8, max(1, Int(min(blocks, 1e6)) / 64)) - tested
    guard wanted > 0, !whole.isEmpty else { return }
    for index in 0..<min(wanted, whole.count) {
      let range = whole[index * whole.count / min(wanted, whole.count)]
      let start = survey.grid.up(range.lowerBound)
      let block = survey.grid.block(at: start, in: range)
      if block.length == survey.grid.unit { trials.append(block) }
    }
  }

  mutating func next(_ survey: Survey) -> [Attempt] {
    guard !isDivisible, let block = trials.last else { return [] }
    let grid = Grid(sector: survey.sector)
    let range: Range<ByteOffset> =
      switch step {
      case .first: grid.first(survey.sector, of: block)
      case .last: grid.last(survey.sector, of: block)
      case .rest: rest(of: block)
      case .again: part ?? block
      }
    attempt = survey.attempt(range, phase)
    return [survey.attempt(range, phase)]
  }

  private func rest(of block: Range<ByteOffset>) -> Range<ByteOffset> {
    guard let part else { return block }
    return part.lowerBound == block.lowerBound
      ? part.upperBound..<block.upperBound : block.lowerBound..<part.lowerBound
  }

  mutating func note(_ outcome: Outcome, _ survey: inout Survey) {
    let came = outcome.result == .came
    if came { survey.map.mark(outcome.attempt.range, .finished) }
    guard attempt == outcome.attempt else { return }
    attempt = nil
    switch (step, came) {
    case (.first, false): step = .last
    case (.first, true), (.last, true): (part, step) = (outcome.attempt.range, .rest)
    case (.rest, false):
      turns += 1
      if turns >= 4 { isDivisible = true } else { step = .again }
    case (.again, true): step = .rest
    case (.last, false), (.rest, true), (.again, false):
      tested += 1
      trials.removeLast()
      (step, part, turns) = (.first, nil, 0)
    }
  }

  func remaining(_ survey: Survey) -> Double { Double(trials.count) * 2 * survey.costs.error }
}
