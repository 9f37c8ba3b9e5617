// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Which read to try next: a function of the map, what was measured, and nothing else.
package struct Policy: Sendable {
  package private(set) var map: RescueMap
  package let settings: PolicySettings

  package init(_ map: RescueMap, _ settings: PolicySettings) {
    self.map = map
    self.settings = settings
  }

  /// The reads to try next, in order, adjacent; several only where the disk is healthy. Empty: there
  /// is nothing left to try.
  package mutating func next() -> [Attempt] {
    if let range = map.next(.nonTried, from: 0) {
      let end = min(range.upperBound, range.lowerBound.advancedClamped(by: 0x1_0000))
      return [Attempt(range.lowerBound..<end, .copying, limit: 10)]
    }
    if let range = map.next(.nonTrimmed, from: 0) {
      let end = min(
        range.upperBound, range.lowerBound.advancedClamped(by: settings.sector))
      return [Attempt(range.lowerBound..<end, .scraping, limit: 30)]
    }
    return []
  }

  /// Takes in what became of an attempt. Each attempt of `next` is noted, in order.
  package mutating func note(_ outcome: Outcome) {
    let range = outcome.attempt.range
    switch outcome.result {
    case .came: map.mark(range, .finished)
    case .failed, .timedOut: map.mark(range, range.length > settings.sector ? .nonTrimmed : .bad)
    }
  }

  /// Puts a range back to what was never tried: the disk was not itself when it was read.
  package mutating func forget(_ range: Range<ByteOffset>) { map.mark(range, .nonTried) }

  /// What was marked since the last call, in order.
  package mutating func takeMarks() -> [Mapfile.Block] { map.takeMarks() }

  /// How many seconds the rest will take; nil while too little is known.
  package var remaining: ClosedRange<Double>? { nil }
}
