// SPDX-License-Identifier: Apache-2.0

/// What a ticket tool is told of an intervention, whichever tool it is.
package struct TicketRecord: Codable, Sendable, Equatable {
  /// A file that goes with it.
  package struct Document: Codable, Sendable, Equatable {
    package var name: String
    /// The name of its copy in the outbox.
    package var file: String
    package var sha256: String

    package init(name: String, file: String = "", sha256: String = "") {
      self.name = name
      self.file = file
      self.sha256 = sha256
    }
  }

  /// The ticket's number or key, as the tool writes it.
  package var ticket: String
  package var title: String
  /// The follow-up: paragraphs of plain text.
  package var text: [String]
  /// What the hands-on time went into.
  package var work: String
  /// Hands-on time in seconds; 0: none is told.
  package var seconds: Int64
  package var documents: [Document] = []
  /// What ends the ticket, where it is to end.
  package var solution: String?
  /// Whether only technicians may see it.
  package var isPrivate: Bool
  /// Stands in all that is sent, so that it can be found again.
  package var marker: String

  package init(
    ticket: String, title: String, text: [String], work: String, seconds: Int64,
    solution: String? = nil, isPrivate: Bool = false, marker: String
  ) {
    self.ticket = ticket
    self.title = title
    self.text = text
    self.work = work
    self.seconds = seconds
    self.solution = solution
    self.isPrivate = isPrivate
    self.marker = marker
  }

  /// A mark from an identifier that no other export has.
  package static func marker(_ identifier: String) -> String { "renflou-" + identifier }
}
