// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What all passes share: the map, what reads cost, and how the disk fails.
struct Survey: Sendable {
  var map: RescueMap
  var costs = Costs()
  /// The block that is taken to fail as a whole.
  var grid: Grid
  /// Where long reads begin and end: many things that fail do so at round places.
  let clusters: Grid
  let sector: ByteCount
  /// Whether the device names the sector that failed, and was right about it so far.
  private(set) var namesSectors = false
  private var confirmed = 0
  private var refuted = 0
  /// How many reads failed all of whose blocks came one by one.
  var revived = 0
  /// How many blocks came for each that failed, in the insides of gaps: at first one, at most 500.
  private(set) var goodInsideForBad = 1.0
  /// Whether something came that had failed: trying again promises something.
  var wavers: Bool { revived + refuted > 0 }
  private var lies: Bool { refuted >= 3 }
  /// Sectors marked bad because they were named, before names were confirmed.
  private var unproved: [Range<ByteOffset>] = []
  /// Short reads to do before anything else: what lies before a named sector, and named sectors
  /// whose failure is to be confirmed.
  private(set) var errands: [Attempt] = []

  /// The length of a read near damage.
  static let cluster: ByteCount = 0x1_0000

  init(_ map: RescueMap, sector: ByteCount) {
    self.map = map
    self.sector = sector
    grid = Grid(sector: sector, atLeast: 0x1000)
    clusters = Grid(sector: grid.unit, atLeast: Self.cluster)
  }

  var cluster: ByteCount { clusters.unit }

  /// Takes in how the insides of all gaps went so far.
  mutating func learn(good: Double, bad: Double) {
    goodInsideForBad = min(500, (good + 1) / (bad + 1))
  }

  func attempt(_ range: Range<ByteOffset>, _ phase: Phase) -> Attempt {
    Attempt(range, phase, limit: costs.limit(phase))
  }

  /// Marks what an outcome says, and returns the block that failed where it is known.
  ///
  /// A long read that failed stays non-tried: it says too little.
  @discardableResult
  mutating func mark(_ outcome: Outcome) -> Range<ByteOffset>? {
    let range = outcome.attempt.range
    switch outcome.result {
    case .came:
      map.mark(range, .finished)
      return nil
    case .failed(let named?) where !lies && range.contains(named) && range.length > grid.unit:
      return mark(named, in: outcome.attempt)
    case .failed, .timedOut:
      if case .failed(nil) = outcome.result { namesSectors = false }
      if range.length <= grid.unit {
        map.mark(range, .bad)
        return range
      }
      if range.length <= cluster { map.mark(range, .nonTrimmed) }
      return nil
    }
  }

  private mutating func mark(_ named: ByteOffset, in attempt: Attempt) -> Range<ByteOffset> {
    namesSectors = true
    let range = attempt.range
    let block = grid.block(at: named, in: range)
    let before = range.lowerBound..<block.lowerBound
    if range.length <= cluster || attempt.phase >= .trimming { map.mark(range, .nonTrimmed) }
    map.mark(block, .bad)
    if !before.isEmpty, attempt.phase >= .trimming {
      errands.append(self.attempt(before, attempt.phase))
    }
    if confirmed < 3 {
      if refuted + confirmed + errands.count < 5 {
        errands.append(self.attempt(block, attempt.phase))
      }
      unproved.append(block)
    }
    return block
  }

  /// Takes in an errand's outcome; false: it is none.
  mutating func run(_ outcome: Outcome) -> Bool {
    guard let index = errands.firstIndex(where: { $0.range == outcome.attempt.range }) else {
      return false
    }
    let errand = errands.remove(at: index)
    switch outcome.result {
    case .came:
      map.mark(errand.range, .finished)
      guard unproved.contains(errand.range) else { return true }
      refuted += 1
      guard lies else { return true }
      // The sectors that failed, it was said, can be read: such names are worth nothing.
      for block in unproved where map.status(at: block.lowerBound) == .bad {
        map.mark(block, .nonTrimmed)
      }
      (unproved, namesSectors) = ([], false)
    case .failed, .timedOut:
      map.mark(errand.range, errand.range.length > grid.unit ? .nonTrimmed : .bad)
      if unproved.contains(errand.range) { confirmed += 1 }
      if confirmed >= 3 { unproved = [] }
    }
    return true
  }
}
