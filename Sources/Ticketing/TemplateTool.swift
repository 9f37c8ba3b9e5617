// SPDX-License-Identifier: Apache-2.0

import Transfer

/// Any other tool, described by a template: an object with `check`, `headers` and `steps`, each step with
/// `name`, `method`, `url` and `body`, in whose texts `{words}` stand for what is known.
///
/// `{url}`, `{ticket}`, `{title}`, `{text}`, `{html}`, `{work}`, `{seconds}`, `{minutes}`, `{solution}`,
/// `{private}`, `{marker}`, `{result.STEP}`, `{secret.NAME}` (in headers alone), and, in a step with
/// `"each": "document"`, `{document.name}` and `{document.base64}`. A text that is one of `{seconds}`,
/// `{minutes}`, `{private}` and nothing else becomes a number or true/false. A step with `"if": "solution"`
/// or `"if": "seconds"` is left out where there are none. `lookup` is the address of a list that tells,
/// by the marker, whether a step whose answer was lost arrived.
package struct TemplateTool: TicketTool {
  package let name = "template"
  package let secretNames: [[String]] = []
  private let template: JSONValue
  private let url: String

  /// Throws `TicketError` with what is wrong.
  package init(url: String, template: JSONValue) throws(TicketError) {
    guard template["schema"]?.word == "renflou-template-1" else {
      throw TicketError(.badTemplate("schema is not renflou-template-1"))
    }
    guard template["check"]?["url"]?.word != nil else {
      throw TicketError(.badTemplate("check.url"))
    }
    for step in template["steps"]?.elements ?? [] {
      for key in ["name", "method", "url"] where step[key]?.word == nil {
        throw TicketError(.badTemplate("steps: \(key)"))
      }
    }
    guard template["steps"]?.elements.isEmpty == false else {
      throw TicketError(.badTemplate("steps"))
    }
    self.template = template
    self.url = url.withoutSlash
  }

  package func headers(_ secrets: Secrets) throws -> [(name: String, value: String)] {
    guard case .object(let members)? = template["headers"] else { return [] }
    return try members.sorted { $0.key < $1.key }.map { key, value in
      var text = value.word ?? ""
      while let start = text.firstRange(of: "{secret."),
        let end = text[start.upperBound...].firstIndex(of: "}")
      {
        let secret = try secrets.require(String(text[start.upperBound..<end]))
        text.replaceSubrange(start.lowerBound...end, with: secret)
      }
      return (key, text)
    }
  }

  package func check(_ record: TicketRecord) -> HTTPRequest {
    .get(filled(template["check"]?["url"]?.word ?? "", words(record, [:]), encodes: true))
  }

  package func steps(
    _ record: TicketRecord, content: @escaping @Sendable (TicketRecord.Document) throws -> [UInt8]
  ) -> [TicketStep] {
    (template["steps"]?.elements ?? []).flatMap { step -> [TicketStep] in
      switch step["if"]?.word {
      case "solution" where record.solution == nil: return []
      case "seconds" where record.seconds == 0: return []
      default: break
      }
      guard step["each"]?.word == "document" else { return [one(step, record, "", { [:] })] }
      return record.documents.enumerated().map { index, document in
        one(step, record, " \(index + 1)") {
          [
            "document.name": document.name, "document.base64": base64(try content(document)),
            "document.number": String(index + 1),
          ]
        }
      }
    }
  }

  private func one(
    _ step: JSONValue, _ record: TicketRecord, _ suffix: String,
    _ more: @escaping @Sendable () throws -> [String: String]
  ) -> TicketStep {
    let resultKey = step["result"]?.word ?? "id"
    var own = TicketStep(
      name: (step["name"]?.word ?? "") + suffix,
      request: { results in
        let words = words(record, results).merging(try more()) { $1 }
        let address = filled(step["url"]?.word ?? "", words, encodes: true)
        let method = step["method"]?.word ?? "POST"
        guard let body = step["body"] else { return HTTPRequest(method, address) }
        return .json(method, address, filled(body, words))
      },
      result: { $0?[resultKey]?.word ?? ($0 == nil ? "sent" : $0.map { _ in "sent" }) })
    if let list = step["lookup"]?.word {
      own.lookup = TicketLookup(request: { results in
        .get(filled(list, words(record, results), encodes: true))
      }) { answer, _ in
        answer.mentions(record.marker + suffix.replacing(" ", with: "-")) ? "found" : nil
      }
    }
    own.isRepeatable = step["repeatable"] == .bool(true)
    return own
  }

  private func words(_ record: TicketRecord, _ results: [String: String]) -> [String: String] {
    var words = [
      "url": url, "ticket": record.ticket, "title": record.title, "text": record.plain(record.text),
      "html": record.html(record.text), "work": record.work, "seconds": String(record.seconds),
      "minutes": String((record.seconds + 59) / 60), "solution": record.solution ?? "",
      "private": String(record.isPrivate), "marker": record.marker,
    ]
    for (name, value) in results { words["result." + name] = value }
    return words
  }

  private func filled(_ value: JSONValue, _ words: [String: String]) -> JSONValue {
    switch value {
    case .text("{seconds}"), .text("{minutes}"):
      .integer(Int64(filled(value.word ?? "", words, encodes: false)) ?? 0)
    case .text("{private}"): .bool(words["private"] == "true")
    case .text(let text): .text(filled(text, words, encodes: false))
    case .array(let elements): .array(elements.map { filled($0, words) })
    case .object(let members): .object(members.mapValues { filled($0, words) })
    default: value
    }
  }

  /// What stands for a word is not looked into for others: texts come from anywhere.
  private func filled(_ text: String, _ words: [String: String], encodes: Bool) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "{"), let end = rest[start...].firstIndex(of: "}") {
      result += rest[..<start]
      let name = String(rest[rest.index(after: start)..<end])
      let value = words[name] ?? "{\(name)}"
      result += encodes && name != "url" ? value.urlEncoded : value
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}
