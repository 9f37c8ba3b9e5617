// SPDX-License-Identifier: Apache-2.0

/// What is to be done about a source, as its health says, and what was seen of it.
package struct CheckUp: Sendable {
  package enum Order: Sendable, Hashable {
    case goOn
    /// Read nothing until `goOn` comes.
    case pause
    /// It gets worse: somebody is to decide whether to go on.
    case stop
  }

  package let order: Order
  /// Names and values, for the log.
  package let seen: [(name: String, value: String)]

  package init(_ order: Order, seen: [(name: String, value: String)]) {
    self.order = order
    self.seen = seen
  }
}
