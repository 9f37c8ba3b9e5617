// SPDX-License-Identifier: Apache-2.0

import Bytes

/// One read that is to be tried next.
package struct Attempt: Sendable, Hashable {
  /// Whole sectors, at most `Attempt.longest` bytes; only the last of a medium may be shorter.
  package let range: Range<ByteOffset>
  package let phase: Phase
  /// After how many seconds the read is given up.
  package let limit: Double

  /// The most that one read asks for: 1 MiB.
  package static let longest: ByteCount = 0x10_0000

  /// The most attempts that are made at once.
  package static let mostAtOnce = 8

  package init(_ range: Range<ByteOffset>, _ phase: Phase, limit: Double) {
    self.range = range
    self.phase = phase
    self.limit = limit
  }
}

/// What a job is doing, in the order in which it does it.
package enum Phase: UInt8, Sendable, CaseIterable, Comparable {
  /// Forward through what was never tried, leaving damage and slowness fast.
  case copying
  /// From the far end of each gap, up to where its damage begins.
  case delimiting
  /// The insides of gaps, by expected good bytes per second.
  case sweeping
  /// The edges of reads that failed, sector by sector.
  case trimming
  /// All other sectors of reads that failed.
  case scraping
  /// Bad sectors again, at other moments and from the other direction.
  case retrying

  package static func < (one: Phase, other: Phase) -> Bool { one.rawValue < other.rawValue }
}

/// What became of an attempt.
package struct Outcome: Sendable, Hashable {
  package enum Result: Sendable, Hashable {
    /// The whole range was read.
    case came
    /// Nothing of it came. Where the device named the sector that failed, `at` is its start, and
    /// what lies before it is good but was not delivered.
    case failed(at: ByteOffset?)
    /// The read was given up after its limit.
    case timedOut
  }

  package let attempt: Attempt
  package let result: Result
  /// How long it took.
  package let seconds: Double

  package init(_ attempt: Attempt, _ result: Result, seconds: Double) {
    self.attempt = attempt
    self.result = result
    self.seconds = seconds
  }
}
