// SPDX-License-Identifier: Apache-2.0

import Transfer

/// One call of a sequence, which is made once.
package struct TicketStep: Sendable {
  /// Tells the step apart in the outbox: "followup", "document 1".
  let name: String
  /// The call; it may need what earlier steps answered, by their names.
  let request: @Sendable (_ results: [String: String]) throws -> HTTPRequest
  /// What of the answer is worth keeping; nil where the answer says that the step failed.
  let result: @Sendable (JSONValue?) -> String?
  /// Looks whether an earlier attempt, whose answer was lost, arrived; nil where nothing can tell.
  var lookup: TicketLookup?
  /// Whether doing it twice does no more than once: then nothing need be looked up.
  var isRepeatable = false
}

/// How to find out whether a call arrived.
struct TicketLookup: Sendable {
  let request: @Sendable (_ results: [String: String]) throws -> HTTPRequest
  /// What the step would have answered; nil where the answer does not mention it.
  let found: @Sendable (JSONValue, _ results: [String: String]) -> String?

  /// A list of objects, of which one mentions `marker` and has an id.
  static func list(
    _ marker: String, in path: [String] = [],
    _ request: @escaping @Sendable ([String: String]) throws -> HTTPRequest
  ) -> TicketLookup {
    TicketLookup(request: request) { answer, _ in
      let list = path.reduce(answer) { $0[$1] ?? .null }
      return list.elements.first { $0.mentions(marker) }?["id"]?.word
    }
  }
}
