// SPDX-License-Identifier: Apache-2.0

import Bytes

/// One way through the ranges of a domain.
protocol Pass: Sendable {
  var phase: Phase { get }

  /// The reads to try next; none: the pass is over. Asked twice, it answers the same.
  mutating func next(_ survey: Survey) -> [Attempt]

  /// Takes in an outcome, and marks it.
  mutating func note(_ outcome: Outcome, _ survey: inout Survey)

  /// How many seconds this pass will still take.
  func remaining(_ survey: Survey) -> Double
}
