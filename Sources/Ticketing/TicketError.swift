// SPDX-License-Identifier: Apache-2.0

/// Why an export stays in the outbox.
package struct TicketError: Error, Equatable, Codable {
  package enum Reason: Equatable, Codable, Sendable {
    /// A secret is missing, of this name in the environment.
    case noSecret(String)
    /// No server was reached, in the words of the network.
    case notReached(String)
    /// The answer was lost: whether it arrived is looked up next time.
    case answerLost(String)
    /// The answer to this step was lost, and the tool cannot tell whether it arrived.
    case unsure
    /// The tool does not know us, or the session ended again.
    case notKnown(code: String, words: String)
    /// We may not.
    case forbidden(code: String, words: String)
    case noTicket(String)
    /// A file is larger than the tool takes.
    case tooLarge(code: String, words: String)
    /// The tool failed.
    case broken(code: String, words: String)
    /// The tool says no for another reason.
    case refused(code: String, words: String)
    /// A copy in the outbox is not what it was.
    case documentChanged(String)
    case badTemplate(String)
    case badEntry(String)
  }

  package let reason: Reason
  /// The step that was under way.
  package var step: String
  /// What was asked, without secrets.
  package var address: String

  package init(_ reason: Reason, step: String = "", address: String = "") {
    self.reason = reason
    self.step = step
    self.address = address
  }

  /// Whether the call may have had its effect although it looks failed.
  var leavesDoubt: Bool {
    switch reason {
    case .answerLost, .broken: true
    default: false
    }
  }
}
