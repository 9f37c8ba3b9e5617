// SPDX-License-Identifier: Apache-2.0

/// One export as the outbox keeps it: what is to be sent where, and how far that is.
package struct OutboxEntry: Codable, Sendable, Equatable {
  package var schema = "renflou-outbox-1"
  package var tool: String
  package var url: String
  package var record: TicketRecord
  /// The template of a tool that is described by one.
  package var template: JSONValue?
  /// Seconds since 1970.
  package var created: Int64
  /// What each finished step answered, by its name.
  package var results: [String: String] = [:]
  /// The step that was under way when this was written: it may have arrived.
  package var pending: String?
  /// Why the last attempt ended.
  package var error: TicketError?

  package init(
    tool: String, url: String, record: TicketRecord, template: JSONValue? = nil, created: Int64
  ) {
    self.tool = tool
    self.url = url
    self.record = record
    self.template = template
    self.created = created
  }
}
