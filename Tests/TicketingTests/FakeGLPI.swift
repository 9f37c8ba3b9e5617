// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Ticketing

/// GLPI's legacy REST interface as its documentation describes it, with one ticket: 4312.
final class FakeGLPI: Sendable {
  /// What goes wrong, once, at the first call of that kind.
  struct Trouble: Sendable {
    let line: String
    let reply: FakeServer.Reply
    /// Whether the call has its effect all the same.
    var takesEffect = false
  }

  struct State: Sendable {
    var lines: [String] = []
    var bodies: [(line: String, input: JSONValue)] = []
    var uploads: [FakeServer.Request] = []
    var documents: [(id: Int, name: String)] = []
    var items: [String: [(id: Int, input: JSONValue)]] = [:]
    var sessions: Set<String> = []
    var lastID = 100
    var troubles: [Trouble] = []
  }

  let state: SharedState
  let server: FakeServer

  /// A mutex that the server's thread may hold on to.
  final class SharedState: Sendable {
    let value = Mutex(State())
  }

  init(_ troubles: [Trouble] = []) {
    let state = SharedState()
    state.value.withLock { $0.troubles = troubles }
    self.state = state
    server = FakeServer { request in state.value.withLock { Self.reply(to: request, &$0) } }
  }

  /// Calls in the order in which they came.
  var lines: [String] { state.value.withLock { $0.lines } }
  func count(_ type: String) -> Int {
    state.value.withLock { type == "Document" ? $0.documents.count : $0.items[type]?.count ?? 0 }
  }

  private static func reply(to request: FakeServer.Request, _ state: inout State)
    -> FakeServer.Reply
  {
    let line = request.line.replacingOccurrences(of: "/apirest.php", with: "")
    state.lines.append(line)
    if let index = state.troubles.firstIndex(where: { $0.line == line }) {
      let trouble = state.troubles.remove(at: index)
      if trouble.takesEffect { _ = answer(to: request, line, &state) }
      return trouble.reply
    }
    return answer(to: request, line, &state)
  }

  private static func answer(to request: FakeServer.Request, _ line: String, _ state: inout State)
    -> FakeServer.Reply
  {
    guard request.headers["app-token"] == "app-secret" else {
      return .answer(400, #"["ERROR_WRONG_APP_TOKEN_PARAMETER","app_token seems wrong"]"#)
    }
    if request.method == "GET", !request.body.isEmpty {
      return .answer(400, #"["ERROR_JSON_PAYLOAD_FORBIDDEN","GET has a body"]"#)
    }
    if line == "GET /initSession" {
      guard request.headers["authorization"] == "user_token user-secret" else {
        return .answer(401, #"["ERROR_GLPI_LOGIN_USER_TOKEN","user_token seems invalid"]"#)
      }
      let token = "session-\(state.sessions.count)-abcdef"
      state.sessions.insert(token)
      return .answer(200, #"{"session_token":"\#(token)"}"#)
    }
    guard let session = request.headers["session-token"], state.sessions.contains(session) else {
      return .answer(401, #"["ERROR_SESSION_TOKEN_INVALID","session_token seems invalid"]"#)
    }
    switch line {
    case "GET /killSession":
      state.sessions.remove(session)
      return .answer(200, "")
    case "GET /Ticket/4312": return .answer(200, #"{"id":4312,"name":"disk"}"#)
    case "POST /Document": return upload(request, &state)
    case "GET /Document":
      let wanted = request.path.split(separator: "=").last.map(String.init) ?? ""
      let found = state.documents.filter { $0.name.contains(wanted) }
        .map { #"{"id":\#($0.id),"name":"\#($0.name)"}"# }
      return .answer(200, "[\(found.joined(separator: ","))]")
    default: break
    }
    if let type = line.split(separator: "/").last.map(String.init) {
      if line == "GET /Ticket/4312/\(type)" {
        let list = (state.items[type] ?? []).map { item -> JSONValue in
          guard case .object(var members) = item.input else { return .null }
          members["id"] = .integer(Int64(item.id))
          return .object(members)
        }
        return .answer(200, String(decoding: JSONValue.array(list).bytes, as: UTF8.self))
      }
      let known = ["ITILFollowup", "TicketTask", "Document_Item", "ITILSolution"]
      if line == "POST /\(type)", known.contains(type) {
        guard request.headers["content-type"] == "application/json",
          let input = JSONValue(request.body)?["input"]
        else { return .answer(400, #"["ERROR_BAD_ARRAY","input is no array"]"#) }
        state.lastID += 1
        state.items[type, default: []].append((state.lastID, input))
        state.bodies.append((line, input))
        return .answer(201, #"{"id":\#(state.lastID),"message":""}"#)
      }
    }
    return .answer(404, #"["ERROR_ITEM_NOT_FOUND","Item not found"]"#)
  }

  private static func upload(_ request: FakeServer.Request, _ state: inout State)
    -> FakeServer.Reply
  {
    let type = request.headers["content-type"] ?? ""
    guard type.hasPrefix("multipart/form-data; boundary=") else {
      return .answer(400, #"["ERROR_BAD_ARRAY","not a form"]"#)
    }
    let text = request.text
    guard text.contains("name=\"uploadManifest\""), text.contains("name=\"filename[0]\""),
      let start = text.range(of: #""name":""#),
      let end = text[start.upperBound...].firstIndex(of: "\"")
    else { return .answer(400, #"["ERROR_BAD_ARRAY","no manifest"]"#) }
    state.lastID += 1
    state.documents.append((state.lastID, String(text[start.upperBound..<end])))
    state.uploads.append(request)
    return .answer(
      201, #"{"id":\#(state.lastID),"message":"ok","upload_result":{"filename":[{"name":"x"}]}}"#)
  }
}
