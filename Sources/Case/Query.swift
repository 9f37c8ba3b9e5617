// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Which findings are meant: what the filters of the command line say.
package struct Query: Sendable {
  package enum Show: Sendable {
    /// Deleted files, and all files of volumes that are no longer in force.
    case deleted
    case live
    case all
  }

  package var show = Show.deleted
  /// Ids of types, in lower case.
  package var types: Set<String>?
  /// A pattern that the name matches.
  package var name: String?
  /// A pattern that the whole path matches.
  package var path: String?
  package var origins: Set<Finding.Origin>?
  package var verdicts: Set<Verdict>?
  package var kinds: Set<Finding.Kind>?
  package var volume: UInt16?
  package var minimumSize: ByteCount?
  package var maximumSize: ByteCount?
  /// Bounds of the time of last modification; what has none does not match.
  package var since: Timestamp?
  package var until: Timestamp?
  /// Whether it is one of the files that nobody looks for, as far as a recovery has asked; nil: either.
  package var isKnown: Bool?
  package var limit: Int?
  /// What matches is selected by one of these as well; empty: whatever the rest says.
  package var anyOf: [Query] = []
  /// What these select comes first, in their order.
  package var first: [Query] = []

  package init() {}

  package init(show: Show) { self.show = show }
}

/// How many findings of one kind there are.
package struct Total: Sendable, Equatable {
  package var origin: Finding.Origin
  package var type: String
  package var verdict: Verdict
  package var count: Int
  package var bytes: ByteCount
}
