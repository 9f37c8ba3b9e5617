// SPDX-License-Identifier: Apache-2.0

import Transfer

/// iTop by its REST services. It computes time itself, so that the follow-up tells it in words.
///
/// - Source: Combodo, *iTop REST/JSON services*: `core/get`, `core/update`, `core/create`,
///   `core/apply_stimulus`; answers have a code of their own, whatever the status.
package struct ITop: TicketTool {
  package let name = "itop"
  package let secretNames = [["TOKEN", "PASSWORD"]]
  private let address: String
  private let kind: String

  /// - Parameter kind: the class of the ticket.
  package init(url: String, kind: String = "UserRequest") {
    address = url.withoutSlash + "/webservices/rest.php?version=1.3"
    self.kind = kind
  }

  package func headers(_ secrets: Secrets) throws -> [(name: String, value: String)] {
    if let token = secrets["TOKEN"] { return [("Auth-Token", token)] }
    let (user, password) = (try secrets.require("USER"), try secrets.require("PASSWORD"))
    return [("Authorization", "Basic " + base64(Array("\(user):\(password)".utf8)))]
  }

  private func call(_ operation: String, _ body: [String: JSONValue]) -> HTTPRequest {
    let data = body.merging(["operation": .text(operation)]) { $1 }
    let text = String(decoding: JSONValue.object(data).bytes, as: UTF8.self)
    return HTTPRequest(
      "POST", address, headers: [("Content-Type", "application/x-www-form-urlencoded")],
      body: .bytes(Array("json_data=\(text.urlEncoded)".utf8)))
  }

  /// A ticket is named by its number or by its reference.
  private func key(_ record: TicketRecord) -> JSONValue {
    Int64(record.ticket).map { .integer($0) } ?? ["ref": .text(record.ticket)]
  }

  package func check(_ record: TicketRecord) -> HTTPRequest {
    call(
      "core/get",
      [
        "class": .text(kind), "key": key(record),
        "output_fields": "id,org_id,public_log,private_log",
      ])
  }

  package func facts(_ answer: JSONValue?) -> [String: String] {
    guard let ticket = Self.object(answer) else { return [:] }
    var facts: [String: String] = [:]
    facts["ticket"] = ticket["key"]?.word
    facts["organisation"] = ticket["fields"]?["org_id"]?.word
    return facts
  }

  /// The first of the objects that an answer holds.
  private static func object(_ answer: JSONValue?) -> JSONValue? {
    if case .object(let objects)? = answer?["objects"] { objects.values.first } else { nil }
  }

  package func steps(
    _ record: TicketRecord, content: @escaping @Sendable (TicketRecord.Document) throws -> [UInt8]
  ) -> [TicketStep] {
    let (kind, key) = (self.kind, key(record))
    let log = record.isPrivate ? "private_log" : "public_log"
    let time = record.seconds > 0 ? ["\(record.work) (\((record.seconds + 59) / 60) min)"] : []
    let text = record.html(record.text + time)
    let check = self.check(record)
    var steps = [
      TicketStep(
        name: "followup",
        request: { _ in
          call(
            "core/update",
            [
              "class": .text(kind), "key": key, "comment": .text(record.title),
              "output_fields": "id",
              "fields": .object([log: ["add_item": ["message": .text(text), "format": "html"]]]),
            ])
        },
        result: { Self.object($0)?["key"]?.word },
        lookup: TicketLookup(request: { _ in check }) { answer, _ in
          answer.mentions(record.marker) ? Self.object(answer)?["key"]?.word : nil
        })
    ]
    for (index, document) in record.documents.enumerated() {
      steps.append(attach(document, index + 1, record, content))
    }
    if let solution = record.solution {
      steps.append(
        TicketStep(
          name: "solution",
          request: { _ in
            call(
              "core/apply_stimulus",
              [
                "class": .text(kind), "key": key, "stimulus": "ev_resolve",
                "comment": .text(record.title), "output_fields": "id",
                "fields": [
                  "solution": .text(record.plain(TicketRecord.paragraphs(solution), mark: "-s"))
                ],
              ])
          },
          result: { Self.object($0)?["key"]?.word },
          lookup: TicketLookup(request: { _ in
            call("core/get", ["class": .text(kind), "key": key, "output_fields": "id,solution"])
          }) { answer, _ in
            answer.mentions(record.marker + "-s") ? Self.object(answer)?["key"]?.word : nil
          }))
    }
    return steps
  }

  /// The name carries the mark, so that the attachment can be found by it.
  private func attach(
    _ document: TicketRecord.Document, _ number: Int, _ record: TicketRecord,
    _ content: @escaping @Sendable (TicketRecord.Document) throws -> [UInt8]
  ) -> TicketStep {
    let kind = self.kind
    let name = "\(record.marker)-\(number)-\(document.name)"
    return TicketStep(
      name: "document \(number)",
      request: { results in
        call(
          "core/create",
          [
            "class": "Attachment", "comment": .text(record.title), "output_fields": "id",
            "fields": [
              "item_class": .text(kind), "item_id": JSONValue(id: results["ticket"] ?? ""),
              "item_org_id": JSONValue(id: results["organisation"] ?? ""),
              "contents": [
                "data": .text(base64(try content(document))), "filename": .text(name),
                "mimetype": "application/octet-stream",
              ],
            ],
          ])
      },
      result: { Self.object($0)?["key"]?.word })
  }

  package func problem(_ response: HTTPResponse) -> (code: String, words: String)? {
    let answer = JSONValue(response.body)
    let words = answer?["message"]?.word ?? ""
    guard (200..<300).contains(response.status) else { return ("HTTP \(response.status)", words) }
    guard let code = answer?["code"]?.word else { return ("", "no answer of iTop's REST services") }
    return code == "0" ? nil : ("iTop \(code)", words)
  }
}
