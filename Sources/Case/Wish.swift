// SPDX-License-Identifier: Apache-2.0

import Findings

/// One thing that the customer wants back. The order of wishes is that of imaging, of recovery and of
/// the report.
package struct Wish: Sendable, Equatable {
  /// Its place in the list, from 1.
  package var number: Int
  /// In the customer's words: "the thesis".
  package var words: String
  /// Patterns for paths, or for names where a pattern names no folder; empty: any.
  package var patterns: [String]
  /// Ids of types, in lower case; empty: any.
  package var types: Set<String>
  /// Bounds of the time of last modification.
  package var since: Timestamp?
  package var until: Timestamp?

  package init(
    number: Int, words: String, patterns: [String] = [], types: Set<String> = [],
    since: Timestamp? = nil, until: Timestamp? = nil
  ) {
    self.number = number
    self.words = words
    self.patterns = patterns
    self.types = types
    self.since = since
    self.until = until
  }

  /// The queries whose union is meant, one a pattern; deleted files and live ones alike, since the
  /// customer does not know which are which.
  package var queries: [Query] {
    var query = Query(show: .all)
    query.kinds = [.file]
    query.types = types.isEmpty ? nil : types
    query.since = since
    query.until = until
    guard !patterns.isEmpty else { return [query] }
    return patterns.map { pattern in
      var one = query
      if pattern.contains("/") { one.path = pattern } else { one.name = pattern }
      return one
    }
  }
}
