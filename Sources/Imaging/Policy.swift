// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Which read to try next: a function of the map, what was measured, and nothing else.
///
/// A domain is gone through in passes: forward, then from the far ends of what was jumped over,
/// then its insides, then the edges and the insides of reads that failed. When all domains are done,
/// what is bad is tried again.
package struct Policy: Sendable {
  package let settings: PolicySettings
  private(set) var survey: Survey
  let domains: [[Range<ByteOffset>]]
  /// The index of the domain at hand.
  package private(set) var domain = 0
  private(set) var pass: any Pass
  private var kind = Kind.copying
  /// Blocks that were tried for whether parts of them can be read.
  private var tested = 0
  private var isForgotten = false

  private enum Kind { case copying, delimiting, sweeping, trimming, scraping, dividing, retrying }

  package init(_ map: RescueMap, _ settings: PolicySettings) {
    self.settings = settings
    survey = Survey(map, sector: settings.sector)
    // Whole blocks: what fails as a whole is tried as a whole.
    let grid = survey.grid
    domains = settings.domains.map { domain in
      let whole = domain.ranges.map {
        (grid.down($0.lowerBound)..<grid.up($0.upperBound))
          .clamped(to: 0..<ByteOffset(map.length))
      }
      return Array(RangeSet(unsorted: whole).ranges)
    }
    pass = Copying(domains.first ?? [], flight: settings.flight)
  }

  package var map: RescueMap { survey.map }

  /// What is being done.
  package var phase: Phase { pass.phase }

  /// The reads to try next, in order, adjacent; several only where the disk is healthy. Empty: there
  /// is nothing left to try.
  package mutating func next() -> [Attempt] {
    while true {
      if pass.phase >= .sweeping, let errand = survey.errands.first { return [errand] }
      let attempts = pass.next(survey)
      if !attempts.isEmpty { return attempts }
      guard advance() else { return [] }
    }
  }

  /// Takes in what became of an attempt. Each attempt of `next` is noted, in order.
  package mutating func note(_ outcome: Outcome) {
    survey.costs.note(outcome)
    if survey.run(outcome) { return }
    pass.note(outcome, &survey)
  }

  /// Puts a range back to what was never tried: the disk was not itself when it was read.
  package mutating func forget(_ range: Range<ByteOffset>) {
    survey.map.mark(range, .nonTried)
    isForgotten = true
  }

  /// Leaves a range for scraping: what lies around it failed.
  package mutating func leave(_ range: Range<ByteOffset>) { survey.map.mark(range, .nonScraped) }

  /// Takes in what became of a read that was somebody else's wish.
  package mutating func take(_ outcome: Outcome) {
    survey.costs.note(outcome)
    survey.mark(outcome)
  }

  /// What was marked since the last call, in order.
  package mutating func takeMarks() -> [Mapfile.Block] { survey.map.takeMarks() }

  /// Goes on to the next pass, or the next domain; false: all is done.
  private mutating func advance() -> Bool {
    guard domain < domains.count else { return false }
    let ranges = domains[domain]
    func found(_ status: RescueMap.Status) -> [Range<ByteOffset>] {
      survey.map.ranges(status, in: ranges)
    }
    switch kind {
    case .copying:
      (kind, pass) = (.delimiting, Delimiting(gaps: found(.nonTried), survey.map))
    case .delimiting:
      (kind, pass) = (.sweeping, Sweeping(gaps: found(.nonTried), survey))
    case .sweeping:
      (kind, pass) = (.trimming, Trimming(found(.nonTrimmed)))
    case .trimming:
      let left = found(.nonScraped) + found(.nonTrimmed)
      (kind, pass) = (.scraping, Scraping(left, survey.grid))
    case .scraping where isOpen:
      (kind, pass) = (.delimiting, Delimiting(gaps: found(.nonTried), survey.map))
    case .scraping:
      (kind, pass) = (.dividing, Dividing(bad: found(.bad), survey, tested: tested))
    case .dividing:
      divide()
    case .retrying:
      guard isForgotten else { return false }
      startAgain()
    }
    return true
  }

  /// Whether something in the domain at hand is neither finished nor bad.
  private var isOpen: Bool {
    [.nonTried, .nonTrimmed, .nonScraped].contains {
      survey.map.count($0) > 0 && !survey.map.ranges($0, in: domains[domain]).isEmpty
    }
  }

  /// What follows the trial of parts: all bad blocks by sector, or the next domain.
  private mutating func divide() {
    if let dividing = pass as? Dividing {
      tested += dividing.tested
      if dividing.isDivisible {
        survey.grid = Grid(sector: settings.sector)
        tested = 8
        // Of the blocks that were tried, and of the last of a source, less than a block is left.
        let bad = survey.map.ranges(.bad, in: domains[domain]).filter {
          $0.length > settings.sector
        }
        pass = Scraping(bad, survey.grid)
        return
      }
    }
    if domain + 1 < domains.count {
      domain += 1
      (kind, pass) = (.copying, Copying(domains[domain], flight: settings.flight))
    } else if isForgotten {
      startAgain()
    } else {
      let all = Array(RangeSet(unsorted: domains.flatMap { $0 }).ranges)
      kind = .retrying
      pass = Retrying(
        bad: survey.map.ranges(.bad, in: all), survey, limit: settings.retries)
    }
  }

  private mutating func startAgain() {
    isForgotten = false
    domain = 0
    (kind, pass) = (.copying, Copying(domains.first ?? [], flight: settings.flight))
  }
}
