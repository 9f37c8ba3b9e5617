// SPDX-License-Identifier: Apache-2.0

import Reporting
import Transfer

/// The calls of an export in words, for a dry run: nothing is sent, and no secret is shown.
package struct CallText {
  private let tool: any TicketTool
  private let record: TicketRecord
  private let secrets: Secrets

  /// - Parameter secrets: those that there are; missing ones are shown by name.
  package init(_ record: TicketRecord, by tool: any TicketTool, secrets: Secrets) {
    self.record = record
    self.tool = tool
    var values: [String: String] = [:]
    for name in tool.secretNames.compactMap(\.first) + ["USER"] where secrets[name] == nil {
      values[secrets.variable(name)] = "$" + secrets.variable(name)
    }
    self.secrets = values.isEmpty ? secrets : secrets.adding(values)
  }

  /// A line for each call, and below it its headers and what it carries.
  package func lines() throws -> [String] {
    let common = try tool.headers(secrets)
    let session = tool.sessionHeader.isEmpty ? [] : [(tool.sessionHeader, "<session>")]
    var lines: [String] = []
    if let (opening, _) = try tool.opening(secrets) { lines += text(opening, common) }
    lines += text(tool.check(record), common + session)
    var results: [String: String] = [:]
    for step in tool.steps(record, content: { Array("<\($0.name)>".utf8) }) {
      lines += text(try step.request(results), common + session)
      results[step.name] = "<\(step.name)>"
    }
    if let closing = tool.closing { lines += text(closing, common + session) }
    return lines.map { TerminalText.safe($0) }
  }

  private func text(
    _ request: HTTPRequest, _ more: [(name: String, value: String)]
  ) -> [String] {
    var lines = ["\(request.method) \(secrets.masked(request.url))"]
    lines += (request.headers + more).map { header in
      let isSecret = ["Authorization", "App-Token", "Auth-Token"].contains(header.name)
      return "  \(header.name): \(isSecret ? "•••" : secrets.masked(header.value))"
    }
    switch request.body {
    case .none: break
    case .bytes(let bytes): lines.append("  " + shown(bytes))
    case .form(let parts):
      for part in parts {
        let file = part.fileName.map { "; filename=\($0)" } ?? ""
        lines.append("  [\(part.name); \(part.type ?? "text/plain")\(file)] " + shown(part.bytes))
      }
    }
    return lines + [""]
  }

  private func shown(_ bytes: [UInt8]) -> String {
    let text = secrets.masked(String(decoding: bytes.prefix(4_000), as: UTF8.self))
    return bytes.count > 4_000 ? text + "…" : text
  }
}
