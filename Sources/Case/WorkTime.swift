// SPDX-License-Identifier: Apache-2.0

import Findings

/// Time that went into a job. Hands-on time is what a customer is told of; machine time is what the
/// disk took.
package struct WorkTime: Sendable, Equatable {
  package enum Kind: UInt8, Sendable, CaseIterable {
    case handsOn, machine
  }

  package var kind: Kind
  package var began: Timestamp
  /// Whole seconds.
  package var seconds: Int64
  /// What was done.
  package var words: String

  package init(kind: Kind, began: Timestamp, seconds: Int64, words: String) {
    self.kind = kind
    self.began = began
    self.seconds = seconds
    self.words = words
  }
}
