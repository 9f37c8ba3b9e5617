// SPDX-License-Identifier: Apache-2.0

import Transfer

/// Zammad by its REST interface.
///
/// - Source: Zammad documentation, "Articles", "Time accounting", "Tickets: update".
package struct Zammad: TicketTool {
  package let name = "zammad"
  package let secretNames = [["TOKEN"]]
  private let base: String

  package init(url: String) { base = url.withoutSlash + "/api/v1" }

  package func headers(_ secrets: Secrets) throws -> [(name: String, value: String)] {
    [("Authorization", "Token token=\(try secrets.require("TOKEN"))")]
  }

  package func check(_ record: TicketRecord) -> HTTPRequest {
    .get("\(base)/tickets/\(record.ticket.urlEncoded)")
  }

  package func steps(
    _ record: TicketRecord, content: @escaping @Sendable (TicketRecord.Document) throws -> [UInt8]
  ) -> [TicketStep] {
    var steps = [
      article("followup", record, record.html(record.text), mark: "", content, isFirst: true)
    ]
    guard let solution = record.solution else { return steps }
    let text = record.html(TicketRecord.paragraphs(solution), mark: "-s")
    steps.append(article("solution", record, text, mark: "-s", content, isFirst: false))
    let address = "\(base)/tickets/\(record.ticket.urlEncoded)"
    var close = TicketStep(
      name: "close", request: { _ in .json("PUT", address, ["state": "closed"]) },
      result: { $0?["id"]?.word })
    close.isRepeatable = true
    steps.append(close)
    return steps
  }

  /// The first article carries the documents and the time, in minutes.
  private func article(
    _ name: String, _ record: TicketRecord, _ text: String, mark: String,
    _ content: @escaping @Sendable (TicketRecord.Document) throws -> [UInt8], isFirst: Bool
  ) -> TicketStep {
    let base = self.base
    return TicketStep(
      name: name,
      request: { _ in
        var body: [String: JSONValue] = [
          "ticket_id": JSONValue(id: record.ticket), "subject": .text(record.title),
          "body": .text(text), "content_type": "text/html", "type": "note",
          "internal": .bool(record.isPrivate),
        ]
        if isFirst, record.seconds > 0 {
          body["time_unit"] = .text(String((record.seconds + 59) / 60))
        }
        if isFirst, !record.documents.isEmpty {
          body["attachments"] = .array(
            try record.documents.map { document in
              [
                "filename": .text(document.name), "data": .text(base64(try content(document))),
                "mime-type": "application/octet-stream",
              ]
            })
        }
        return .json("POST", base + "/ticket_articles", .object(body))
      },
      result: { $0?["id"]?.word },
      lookup: .list(record.marker + mark) { _ in
        .get("\(base)/ticket_articles/by_ticket/\(record.ticket.urlEncoded)")
      })
  }
}

extension String {
  /// An address without slashes at its end.
  var withoutSlash: String { String(reversed().drop { $0 == "/" }.reversed()) }
}
