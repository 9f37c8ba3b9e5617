// SPDX-License-Identifier: Apache-2.0

import Transfer

/// GLPI by its legacy REST interface (versions 9.1 to 11): the newer one could not take documents.
///
/// - Source: GLPI, *apirest.md*: "Init session", "Get an item", "Add item(s)", "Upload a document file",
///   "Kill session", "Errors".
package struct GLPI: TicketTool {
  package let name = "glpi"
  package let secretNames = [["USER_TOKEN"]]
  package let sessionHeader = "Session-Token"
  private let base: String

  /// - Parameter url: of GLPI itself, or of its `apirest.php`.
  package init(url: String) {
    let plain = url.withoutSlash
    base = plain.hasSuffix("apirest.php") ? plain : plain + "/apirest.php"
  }

  package func headers(_ secrets: Secrets) throws -> [(name: String, value: String)] {
    secrets["APP_TOKEN"].map { [("App-Token", $0)] } ?? []
  }

  package func opening(
    _ secrets: Secrets
  ) throws -> (HTTPRequest, @Sendable (JSONValue) -> String?)? {
    let token = try secrets.require("USER_TOKEN")
    let request = HTTPRequest(
      "GET", base + "/initSession", headers: [("Authorization", "user_token \(token)")])
    return (request, { $0["session_token"]?.word })
  }

  package var closing: HTTPRequest? { .get(base + "/killSession") }

  package func check(_ record: TicketRecord) -> HTTPRequest {
    .get("\(base)/Ticket/\(record.ticket.urlEncoded)")
  }

  package func steps(
    _ record: TicketRecord, content: @escaping @Sendable (TicketRecord.Document) throws -> [UInt8]
  ) -> [TicketStep] {
    let ticket = JSONValue(id: record.ticket)
    let isPrivate = JSONValue.integer(record.isPrivate ? 1 : 0)
    var steps = [
      add(
        "followup", "ITILFollowup", record,
        [
          "itemtype": "Ticket", "items_id": ticket, "content": .text(record.html(record.text)),
          "is_private": isPrivate,
        ])
    ]
    if record.seconds > 0 {
      // State 2 is "done".
      steps.append(
        add(
          "task", "TicketTask", record,
          [
            "tickets_id": ticket, "content": .text(record.html([record.work])),
            "actiontime": .integer(record.seconds), "state": .integer(2), "is_private": isPrivate,
          ]))
    }
    for (index, document) in record.documents.enumerated() {
      let number = index + 1
      steps.append(upload(document, number, record, content))
      steps.append(link(number, record, ticket))
    }
    if let solution = record.solution {
      steps.append(
        add(
          "solution", "ITILSolution", record,
          [
            "itemtype": "Ticket", "items_id": ticket,
            "content": .text(record.html(TicketRecord.paragraphs(solution))),
          ]))
    }
    return steps
  }

  private func add(
    _ name: String, _ type: String, _ record: TicketRecord, _ input: [String: JSONValue]
  ) -> TicketStep {
    let base = self.base
    let list = "\(base)/Ticket/\(record.ticket.urlEncoded)/\(type)?range=0-999&order=DESC"
    return TicketStep(
      name: name, request: { _ in .json("POST", "\(base)/\(type)", ["input": .object(input)]) },
      result: { $0?["id"]?.word },
      lookup: .list(record.marker) { _ in .get(list) })
  }

  /// The parts of a form; the request itself must not call itself JSON.
  private func upload(
    _ document: TicketRecord.Document, _ number: Int, _ record: TicketRecord,
    _ content: @escaping @Sendable (TicketRecord.Document) throws -> [UInt8]
  ) -> TicketStep {
    let base = self.base
    let title = "\(document.name) (\(record.marker)-\(number))"
    let manifest: JSONValue = [
      "input": ["name": .text(title), "_filename": .array([.text(document.name)])]
    ]
    let list =
      "\(base)/Document?range=0-9&searchText[name]=\("\(record.marker)-\(number)".urlEncoded)"
    return TicketStep(
      name: "document \(number)",
      request: { _ in
        HTTPRequest(
          "POST", base + "/Document",
          body: .form([
            HTTPRequest.Part(
              name: "uploadManifest", type: "application/json", bytes: manifest.bytes),
            HTTPRequest.Part(
              name: "filename[0]", type: "application/octet-stream", fileName: document.name,
              bytes: try content(document)),
          ]))
      },
      result: { answer in
        // The record may be made although the file was refused.
        guard let upload = answer?["upload_result"], !upload.hasError else {
          return answer?["upload_result"] == nil ? answer?["id"]?.word : nil
        }
        return answer?["id"]?.word
      },
      lookup: .list("\(record.marker)-\(number))") { _ in .get(list) })
  }

  private func link(_ number: Int, _ record: TicketRecord, _ ticket: JSONValue) -> TicketStep {
    let base = self.base
    let document = "document \(number)"
    let list = "\(base)/Ticket/\(record.ticket.urlEncoded)/Document_Item?range=0-999&order=DESC"
    return TicketStep(
      name: "link \(number)",
      request: { results in
        .json(
          "POST", base + "/Document_Item",
          [
            "input": [
              "documents_id": JSONValue(id: results[document] ?? ""), "itemtype": "Ticket",
              "items_id": ticket,
            ]
          ])
      },
      result: { $0?["id"]?.word },
      lookup: TicketLookup(request: { _ in .get(list) }) { answer, results in
        answer.elements.first { $0["documents_id"]?.word == results[document] }?["id"]?.word
      })
  }

  /// Errors come as `["ERROR_CODE", "words"]`.
  package func problem(_ response: HTTPResponse) -> (code: String, words: String)? {
    if (200..<300).contains(response.status), response.status != 207 { return nil }
    let words = JSONValue(response.body)?.elements.compactMap(\.word) ?? []
    return (words.first ?? "HTTP \(response.status)", words.dropFirst().first ?? "")
  }

  package func isSessionOver(_ code: String) -> Bool {
    code == "ERROR_SESSION_TOKEN_INVALID" || code == "ERROR_SESSION_TOKEN_MISSING"
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral members: (String, JSONValue)...) {
    self = .object(Dictionary(members, uniquingKeysWith: { $1 }))
  }

  /// Whether a member called `error`, at any depth, says something.
  fileprivate var hasError: Bool {
    switch self {
    case .array(let elements): elements.contains(where: \.hasError)
    case .object(let members):
      members.contains { $0.key == "error" ? $0.value.word?.isEmpty == false : $0.value.hasError }
    default: false
    }
  }
}
