// SPDX-License-Identifier: Apache-2.0

import Reporting
import Ticketing

extension Messages {
  var nothingWaits: String {
    pick("nothing waits in the outbox", "rien n'attend dans la boîte d'envoi")
  }

  var unencrypted: String {
    pick(
      "renflou: http:// sends tokens and texts in clear; use https:// where there is one",
      "renflou : http:// envoie jetons et textes en clair ; prenez https:// s'il existe")
  }

  /// What a tool took, with the numbers that it gave.
  func sent(_ entry: OutboxEntry, _ results: [String: String]) -> String {
    let steps = results.sorted { $0.key < $1.key }
      .map { "\(TerminalText.safe($0.key)) \(TerminalText.safe($0.value))" }
    return pick("ticket ", "ticket ") + TerminalText.safe(entry.record.ticket)
      + pick(": sent (", "\u{202F}: envoyé (") + steps.joined(separator: ", ") + ")"
  }
}
