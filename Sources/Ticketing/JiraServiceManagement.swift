// SPDX-License-Identifier: Apache-2.0

import Transfer

/// Jira Service Management by its service desk interface; the time goes into the issue's work log. A
/// solution is a comment that the customer sees: which transition ends a request is each site's own.
///
/// - Source: Atlassian, *Jira Service Management REST API*, "Request", "Servicedesk"; *Jira REST API v2*,
///   "Issue worklogs".
package struct JiraServiceManagement: TicketTool {
  package let name = "jira"
  package let secretNames = [["TOKEN"]]
  private let base: String

  package init(url: String) { base = url.withoutSlash }

  /// With a user's name the token is a password; without, it is one of Data Center's own.
  package func headers(_ secrets: Secrets) throws -> [(name: String, value: String)] {
    let token = try secrets.require("TOKEN")
    let value = secrets["USER"].map { "Basic " + base64(Array("\($0):\(token)".utf8)) }
    return [("Authorization", value ?? "Bearer \(token)")]
  }

  private func request(_ record: TicketRecord) -> String {
    "\(base)/rest/servicedeskapi/request/\(record.ticket.urlEncoded)"
  }

  package func check(_ record: TicketRecord) -> HTTPRequest { .get(request(record)) }

  package func facts(_ answer: JSONValue?) -> [String: String] {
    answer?["serviceDeskId"]?.word.map { ["desk": $0] } ?? [:]
  }

  package func steps(
    _ record: TicketRecord, content: @escaping @Sendable (TicketRecord.Document) throws -> [UInt8]
  ) -> [TicketStep] {
    var steps = [comment("followup", record, record.text, mark: "", isPublic: !record.isPrivate)]
    if record.seconds > 0 {
      let log = "\(base)/rest/api/2/issue/\(record.ticket.urlEncoded)/worklog"
      steps.append(
        TicketStep(
          name: "task",
          request: { _ in
            .json(
              "POST", log,
              [
                "timeSpentSeconds": .integer(max(60, record.seconds)),
                "comment": .text(record.plain([record.work])),
              ])
          },
          result: { $0?["id"]?.word },
          lookup: .list(record.marker, in: ["worklogs"]) { _ in .get(log) }))
    }
    for (index, document) in record.documents.enumerated() {
      steps += attach(document, index + 1, record, content)
    }
    if let solution = record.solution {
      steps.append(
        comment("solution", record, TicketRecord.paragraphs(solution), mark: "-s", isPublic: true))
    }
    return steps
  }

  private func comment(
    _ name: String, _ record: TicketRecord, _ text: [String], mark: String, isPublic: Bool
  ) -> TicketStep {
    let address = request(record) + "/comment"
    let body: JSONValue = [
      "body": .text(record.plain(text, mark: mark)), "public": .bool(isPublic),
    ]
    return TicketStep(
      name: name, request: { _ in .json("POST", address, body) }, result: { $0?["id"]?.word },
      lookup: .list(record.marker + mark, in: ["values"]) { _ in .get(address + "?limit=1000") })
  }

  /// A file goes to the desk first, which forgets it if nothing follows, and then to the request.
  private func attach(
    _ document: TicketRecord.Document, _ number: Int, _ record: TicketRecord,
    _ content: @escaping @Sendable (TicketRecord.Document) throws -> [UInt8]
  ) -> [TicketStep] {
    let (base, address) = (self.base, request(record))
    var upload = TicketStep(
      name: "upload \(number)",
      request: { results in
        HTTPRequest(
          "POST",
          "\(base)/rest/servicedeskapi/servicedesk/\((results["desk"] ?? "").urlEncoded)"
            + "/attachTemporaryFile",
          headers: [("X-Atlassian-Token", "no-check"), ("X-ExperimentalApi", "opt-in")],
          body: .form([
            HTTPRequest.Part(
              name: "file", type: "application/octet-stream", fileName: document.name,
              bytes: try content(document))
          ]))
      },
      result: { $0?["temporaryAttachments"]?.elements.first?["temporaryAttachmentId"]?.word })
    upload.isRepeatable = true
    let mark = "-\(number)"
    let attach = TicketStep(
      name: "document \(number)",
      request: { results in
        .json(
          "POST", address + "/attachment",
          [
            "temporaryAttachmentIds": .array([.text(results["upload \(number)"] ?? "")]),
            "public": .bool(!record.isPrivate),
            "additionalComment": ["body": .text(record.plain([document.name], mark: mark))],
          ])
      },
      result: { $0?["comment"]?["id"]?.word ?? $0.map { _ in "attached" } },
      lookup: .list(record.marker + mark, in: ["values"]) { _ in
        .get(address + "/comment?limit=1000")
      })
    return [upload, attach]
  }
}
