// SPDX-License-Identifier: Apache-2.0

import Bytes

@testable import Imaging

/// A whole job of a policy on a simulated disk, watched at every step.
struct PolicyRun {
  var disk: SimulatedDisk
  var policy: Policy
  var namesSectors = false
  /// Names the first sector of each read that fails.
  var lies = false
  /// The policy's clock runs at this share of simulated time.
  var clockRate = 1.0
  /// Others take the processor: of a hundred reads so many are measured too long, by up to so many
  /// seconds.
  var load = (percent: UInt64(0), longest: 0.0)
  private var hiccups = Noise(5)
  /// What was wrong with what the policy did.
  private(set) var violations: Set<String> = []
  private(set) var steps = 0
  /// How many reads did not begin where the one before ended.
  private(set) var jumps = 0
  private var last: ByteOffset?
  /// What the policy said would remain, and when.
  private(set) var forecasts: [(at: Double, remaining: ClosedRange<Double>?)] = []

  init(_ disk: SimulatedDisk, sector: ByteCount = 4096, retries: Int? = nil, map: RescueMap? = nil)
  {
    self.disk = disk
    let length = ByteCount(UInt64(disk.size))
    let all = RangeSet(0..<ByteOffset(length))
    policy = Policy(
      map ?? RescueMap(length: length),
      PolicySettings(
        sector: sector, domains: [all], retries: retries ?? PolicySettings.usualRetries))
  }

  /// Runs to the end, or until `limit` reads were made.
  mutating func run(limit: Int = 20_000_000) {
    var nextForecast = 0.0
    while steps < limit {
      if disk.seconds >= nextForecast {
        forecasts.append((disk.seconds, policy.remaining))
        nextForecast = disk.seconds * 1.02 + 0.5
      }
      let attempts = policy.next()
      if attempts.isEmpty { return }
      var end: ByteOffset?
      for attempt in attempts {
        steps += 1
        if attempt.range.isEmpty { violations.insert("empty attempt") }
        if attempt.range.length > Attempt.longest { violations.insert("attempt too long") }
        if let last, last != attempt.range.lowerBound { jumps += 1 }
        last = attempt.range.upperBound
        if let end, end != attempt.range.lowerBound { violations.insert("attempts not adjacent") }
        end = attempt.range.upperBound
        policy.note(outcome(of: attempt))
      }
    }
    violations.insert("no end")
  }

  private mutating func outcome(of attempt: Attempt) -> Outcome {
    let before = disk.seconds
    let failed = disk.read(
      Int(attempt.range.lowerBound.rawValue), Int(attempt.range.length.rawValue))
    let result: Outcome.Result =
      if let failed {
        .failed(
          at: !namesSectors
            ? nil
            : lies
              ? attempt.range.lowerBound : max(attempt.range.lowerBound, ByteOffset(UInt64(failed)))
        )
      } else {
        .came
      }
    let isLate = hiccups.below(100) < load.percent
    let late = isLate ? load.longest * Double(hiccups.below(1000) + 1) / 1000 : 0
    return Outcome(attempt, result, seconds: (disk.seconds - before) * clockRate + late)
  }

  /// By what factor the forecast at half of the work was wrong; nil: there was none.
  var forecastFactor: Double? {
    let end = disk.seconds
    guard let half = forecasts.last(where: { $0.at <= end / 2 }), let range = half.remaining else {
      return nil
    }
    let middle = (max(range.lowerBound, 1e-3) * max(range.upperBound, 1e-3)).squareRoot()
    let truth = end - half.at
    return max(middle / truth, truth / middle)
  }
}
