// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What came of a wish: how many files match it, and in which state.
package struct WishFate: Sendable, Equatable {
  package var wish: Wish
  /// Files that are whole as far as can be told: verified, intact or probable, and none of their bytes
  /// unread.
  package var whole = 0
  package var wholeBytes: ByteCount = 0
  /// Files that lack bytes, or of which the content is a guess.
  package var damaged = 0
  package var damagedBytes: ByteCount = 0
  /// Files of which the name alone is left.
  package var lost = 0
  /// Why damaged and lost files are so: the evidence that counts, the most frequent first, without its
  /// values (one example each).
  package var reasons: [Evidence] = []

  package init(wish: Wish) { self.wish = wish }

  /// Nothing matches.
  package var isNotFound: Bool { whole + damaged + lost == 0 }
}

extension Case {
  /// What came of each wish, in their order. A file counts for the first wish that it matches.
  package func wishFates() throws -> [WishFate] {
    var seen: Set<Int64> = []
    return try wishes().map { wish in
      var fate = WishFate(wish: wish)
      var reasons = ReasonCount()
      for query in wish.queries {
        try each(query) { id, finding in
          guard seen.insert(id).inserted else { return true }
          switch finding.verdict {
          case .verified, .intact, .probable:
            fate.whole += 1
            fate.wholeBytes = fate.wholeBytes.addingClamped(finding.size)
          case .guessed, .partial:
            fate.damaged += 1
            fate.damagedBytes = fate.damagedBytes.addingClamped(finding.size)
            reasons.add(finding.evidence)
          case .nameOnly:
            fate.lost += 1
            reasons.add(finding.evidence)
          }
          return true
        }
      }
      fate.reasons = reasons.mostFrequent
      return fate
    }
  }
}

/// Counts kinds of damage, and keeps an example of each.
private struct ReasonCount {
  private var counts: [String: (count: Int, example: Evidence)] = [:]

  mutating func add(_ evidence: [Evidence]) {
    for fact in evidence where fact.isDamage {
      // The case's name without its values.
      let kind = String(describing: fact).prefix { $0 != "(" }
      counts[String(kind), default: (0, fact)].count += 1
    }
  }

  var mostFrequent: [Evidence] {
    counts.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map(\.value.example)
  }
}
