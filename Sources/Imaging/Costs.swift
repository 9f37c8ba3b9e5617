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
  /// How many slow reads came in a row.
  private var slowRow = 0
  /// Where the last read ended, and whether it came.
  private var last: (end: ByteOffset, came: Bool)?
  private var errors = 0.0
  private var errorTotal = 0.0
  /// How often limits were doubled, since reads only ran into them.
  private var patience = 1.0
  private var timeouts = 0
  /// Whether the last read came much slower than its like.
  private(set) var isSlow = false
  /// Whether it came as fast as its like.
  private(set) var isFast = false

  /// A move of the head and a turn of the disk: by so much may a read after a jump be late.
  private static let jump = 0.025
  /// A process that had to wait for a processor: no slowness of the disk's.
  private static let hiccup = 0.001
  private static let short: ByteCount = 0x2_0000

  /// Seconds per byte where the disk is well.
  var perByte: Double { (typical[1] ?? typical[0]) ?? 1 / 100e6 }

  /// Seconds that one short command costs.
  var perCommand: Double { min(0.01, max(1e-4, 0x1_0000 * (typical[0] ?? 1e-8) / 4)) }

  /// Seconds that an error takes, as measured; before that, three.
  var error: Double { (3 + errorTotal) / (1 + errors) }

  /// Seconds by which an error counts when an order is chosen. A disk that fails at once wears
  /// out as well: no error is free.
  var errorWeight: Double { max(0.03, error) }

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
      slowRow = 0
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
    let late = seconds > 5 * expected + Self.hiccup
    let tooLate = seconds > 10 * expected + Self.jump
    // After a jump a read that is late may only have waited for the head: that says nothing.
    if !late { slowRow = 0 } else if follows || tooLate { slowRow += 1 }
    isSlow = tooLate || late && follows && slowRow >= 2
    isFast = !late
    guard follows else { return }
    let weight = late ? 0.0005 : 0.02
    typical[index] = usual + weight * (min(seconds, 20 * expected) / length - usual)
  }
}
