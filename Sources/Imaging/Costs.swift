// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What reads cost on this disk, as measured so far.
///
/// Judgements are ratios of measured times; absolute times are only where a disk turns once, a
/// process waits for its turn, or an error was never measured.
struct Costs: Sendable {
  /// Seconds per byte of a read that follows the one before: short reads, long reads.
  private var typical: [Double?] = [nil, nil]
  private var samples = [0, 0]
  /// The late reads that came in a row, and by how much they were late together.
  private var row = (count: 0, lag: 0.0)
  /// By how much reads are late as a rule that were not slow: others had the processor.
  private var usualLag = 0.0
  /// Whether the last judgement was that the disk is slow here.
  private var isLeaving = false
  /// Where the last read ended, and whether it came.
  private var last: (end: ByteOffset, came: Bool)?
  private var errors = 0.0
  private var errorTotal = 0.0
  /// How often limits were doubled, since reads only ran into them.
  private var patience = 1.0
  private var timeouts = 0
  /// Whether the last read came much slower than its like.
  private(set) var isSlow = false
  /// Whether any did.
  private(set) var wasSlow = false
  /// Whether it came as fast as its like.
  private(set) var isFast = false

  /// A move of the head and a turn of the disk: by so much may a read after a jump be late.
  private static let jump = 0.025
  /// A process that had to wait for a processor: no slowness of the disk's.
  private static let hiccup = 0.001
  private static let longestHiccup = 0.1
  /// Late reads in a row by so much together leave no doubt, however few they are.
  private static let plainly = 0.5
  private static let short: ByteCount = 0x2_0000

  /// Seconds per byte where the disk is well.
  var perByte: Double { (typical[1] ?? typical[0]) ?? 1 / 100e6 }

  /// Seconds that one short command costs.
  var perCommand: Double { min(0.01, max(1e-4, 0x1_0000 * (typical[0] ?? 1e-8) / 4)) }

  /// Seconds that an error takes, as measured; before that, three.
  var error: Double { errors > 0 ? errorTotal / errors : 3 }

  /// Seconds by which an error counts when an order is chosen. A disk that fails at once wears
  /// out as well: no error is free.
  var errorWeight: Double { max(0.1, error) }

  /// Whether enough reads were timed to tell what the rest will cost.
  var isMeasured: Bool { samples[0] + samples[1] >= 8 }

  /// After how many seconds a read is given up.
  func limit(_ phase: Phase) -> Double {
    let base: Double =
      switch phase {
      case .copying, .delimiting: 10
      case .sweeping: 20
      case .trimming, .scraping: 30
      case .retrying: 60
      }
    return min(120, max(base * patience, errors > 0 ? 3 * errorTotal / errors : 0))
  }

  mutating func note(_ outcome: Outcome) {
    let range = outcome.attempt.range
    defer { last = (range.upperBound, outcome.result == .came) }
    (isSlow, isFast) = (false, false)
    switch outcome.result {
    case .timedOut:
      timeouts += 1
      if timeouts >= 2 { (timeouts, patience) = (0, min(12, patience * 2)) }
      fallthrough
    case .failed:
      errors += 1
      errorTotal += max(0, outcome.seconds)
      if errors > 200 { (errors, errorTotal) = (errors / 2, errorTotal / 2) }
      if outcome.result != .timedOut { timeouts = 0 }
      // Amid late reads it is one of them.
      if row.count > 0 { row.count += 1 }
    case .came:
      timeouts = 0
      measure(range, max(outcome.seconds, 1e-7))
    }
  }

  private mutating func measure(_ range: Range<ByteOffset>, _ seconds: Double) {
    let index = range.length > Self.short ? 1 : 0
    let length = max(1, Double(range.length.rawValue))
    let follows = last.map { $0.came && $0.end == range.lowerBound } ?? false
    guard let usual = typical[index], samples[index] >= 8 else {
      guard follows || samples[index] == 0 else { return }
      let best = min(typical[index] ?? .infinity, seconds / length)
      (typical[index], samples[index]) = (best, samples[index] + 1)
      return
    }
    let expected = usual * length
    let lag = max(0, seconds - expected)
    let hiccup = min(Self.longestHiccup, max(Self.hiccup, 4 * usualLag))
    let isLate = lag > 4 * expected + hiccup
    judge(isLate, lag, follows: follows || lag > 9 * expected + Self.jump)
    guard follows else { return }
    let weight = isLate ? 0.0005 : 0.02
    typical[index] = usual + weight * (min(seconds, 20 * expected) / length - usual)
  }

  /// One late read may be anything; several in a row are the disk's.
  ///
  /// - Parameter follows: false after a jump: a read that is late may only have waited for the head.
  private mutating func judge(_ isLate: Bool, _ lag: Double, follows: Bool) {
    isFast = !isLate
    guard isLate else {
      // Those that were late before this one were not slow, as it turns out.
      for _ in 0..<row.count { learn(row.lag / Double(row.count)) }
      if follows { learn(lag) }
      (row, isLeaving) = ((0, 0), false)
      return
    }
    guard follows else { return }
    row = (row.count + 1, row.lag + lag)
    let isEnough = isLeaving ? row.count >= 2 || lag >= Self.jump : row.count >= 4
    isSlow = isEnough || row.lag >= Self.plainly
    if isSlow { (row, isLeaving, wasSlow) = ((0, 0), true, true) }
  }

  private mutating func learn(_ lag: Double) { usualLag += (lag - usualLag) / 128 }
}
