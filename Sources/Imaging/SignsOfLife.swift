// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Notices that a drive has died or was unplugged, so that what only then failed is not called bad.
///
/// After some failures in a row, sectors that could be read before are read again: while they come,
/// the failures are the sectors'; when none does, they are the drive's.
struct SignsOfLife {
  /// What failed since the last sign of life.
  private(set) var suspects: [Range<ByteOffset>] = []
  private var failures = 0
  private var patience = Self.firstPatience
  /// Sectors that came, far from each other in time.
  private var known: [Range<ByteOffset>] = []
  private var reads = 0
  private var turn = 0

  private static let firstPatience = 4
  private static let longestPatience = 16
  private static let mostKnown = 16

  /// - Parameter sector: the length of what is kept as known to be good.
  mutating func note(_ outcome: Outcome, sector: ByteCount) {
    guard case .came = outcome.result else {
      failures += 1
      suspects.append(outcome.attempt.range)
      return
    }
    suspects.removeAll(keepingCapacity: true)
    failures = 0
    patience = Self.firstPatience
    reads += 1
    // Every read at first, later one in ever more, so that old ones stay.
    guard known.count < Self.mostKnown || reads & (reads - 1) == 0 else { return }
    let range = outcome.attempt.range
    let end = min(range.upperBound, range.lowerBound.advancedClamped(by: sector))
    if known.count == Self.mostKnown {
      known.remove(at: reads.trailingZeroBitCount % Self.mostKnown)
    }
    known.append(range.lowerBound..<end)
  }

  /// Takes up sectors that came in an earlier run.
  mutating func know(_ sectors: [Range<ByteOffset>]) {
    if known.isEmpty { known = sectors }
  }

  /// Whether it is time to look whether the drive still lives.
  var isDue: Bool { failures >= patience }

  /// Sectors to try for it, another choice each time; empty where none was ever read.
  mutating func probes() -> [Range<ByteOffset>] {
    guard !known.isEmpty else { return [] }
    turn += 1
    return (0..<min(3, known.count)).map { known[(turn * 5 + $0 * 7) % known.count] }
  }

  /// The drive lives: what failed is bad.
  mutating func livesOn() {
    suspects.removeAll(keepingCapacity: true)
    failures = 0
    patience = min(patience * 2, Self.longestPatience)
  }

  /// The drive is another moment's: begin anew.
  mutating func startAgain() {
    suspects.removeAll(keepingCapacity: true)
    failures = 0
    patience = Self.firstPatience
  }
}
