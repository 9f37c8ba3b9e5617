// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A range that was left for later, and how its reads went so far.
struct Gap: Sendable {
  var rest: Range<ByteOffset>
  /// Blocks that came and that failed. The first bad one is assumed, and so are good ones.
  private var good = 0.0
  private var bad = 1.0
  /// How many good blocks are assumed at least: what lies between good data is mostly good.
  private let assumed: Double
  /// Seconds by which a read here takes longer than its bytes explain, and per byte.
  private(set) var latency: Double
  private(set) var perByte: Double
  private var isRough = false

  init(_ rest: Range<ByteOffset>, _ survey: Survey) {
    self.rest = rest
    let map = survey.map
    let isOpen =
      rest.lowerBound > 0 && map.status(at: rest.lowerBound.retreated(by: 1)) == .finished
      && map.status(at: rest.upperBound) == .finished
    assumed = isOpen ? 500 : 0
    latency = survey.costs.perCommand
    perByte = survey.costs.perByte
  }

  /// The share of blocks that fail: as in other gaps, as long as this one told little.
  func density(_ survey: Survey) -> Double {
    bad / (max(assumed, survey.goodInsideForBad) + good + bad)
  }

  /// The good bytes that a second spent here is expected to give.
  func value(_ survey: Survey) -> Double {
    let unit = Double(survey.grid.unit.rawValue)
    let density = density(survey)
    let seconds = density * survey.costs.errorWeight + latency / readBlocks(survey) + unit * perByte
    return (1 - density) * unit / max(seconds, 1e-9)
  }

  /// Seconds that the rest of it will take.
  ///
  /// - Parameter usual: the share of blocks that fail in all gaps, for one of which little is known.
  func remaining(_ survey: Survey, usual: Double) -> Double {
    let blocks = survey.grid.blocks(in: rest)
    let unit = Double(survey.grid.unit.rawValue)
    let density = (bad - 1 + 16 * usual) / (good + bad - 1 + 16)
    let waste = survey.costs.error * density * (readBlocks(survey) > 1 ? 2 : 1)
    return blocks * (waste + latency / readBlocks(survey) + unit * perByte)
  }

  /// How many blocks the next read takes, so that a block costs the least: a read of several that
  /// fails is wasted, and followed by reads of each.
  func readBlocks(_ survey: Survey) -> Double {
    let cluster = Double(survey.cluster.rawValue / survey.grid.unit.rawValue)
    let sizes = isRough ? [1, 2, 4, 8, cluster] : [1, 2, 4, 8, cluster, 4 * cluster, 8 * cluster]
    let density = density(survey)
    var best = (blocks: 1.0, price: Double.infinity)
    for blocks in sizes where blocks <= 8 * cluster {
      let fails = 1 - power(1 - density, blocks)
      let waste = survey.costs.errorWeight + blocks * latency
      let again = blocks > cluster ? blocks / cluster * latency : 0
      let price =
        blocks == 1 ? latency : (latency + fails * (waste + again)) / blocks
      if price < best.price { best = (blocks, price) }
    }
    return best.blocks
  }

  private func power(_ base: Double, _ exponent: Double) -> Double {
    var (result, left) = (1.0, Int(exponent))
    while left > 0 {
      result *= base
      left -= 1
    }
    return result
  }

  /// Takes in a read from the front.
  mutating func note(_ outcome: Outcome, failed block: Range<ByteOffset>?, _ survey: Survey) {
    let range = outcome.attempt.range
    let end = min(rest.upperBound, range.upperBound)
    if outcome.result == .came {
      good += survey.grid.blocks(in: range)
      let length = Double(range.length.rawValue)
      let usual = length * survey.costs.perByte
      if range.length > survey.cluster { isRough = false }
      // A read that was late alone says nothing of the next.
      let late = min(max(0, outcome.seconds - usual), 2 * latency + 1e-5)
      latency += 0.1 * (late - latency)
      rest = end..<rest.upperBound
      return
    }
    bad += 1
    isRough = true
    if let block { good += survey.grid.blocks(in: range.lowerBound..<block.lowerBound) }
    if range.length <= survey.cluster {
      rest = end..<rest.upperBound
    }
  }
}
