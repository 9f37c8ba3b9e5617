// SPDX-License-Identifier: Apache-2.0

import Transfer

/// Sends one export, step by step. Before a step goes out the outbox knows that it may have; what it
/// answered is on the disk before the next one goes. So nothing is sent twice: where an answer was lost,
/// the tool is asked first whether it has what was sent.
package struct TicketSending {
  package typealias Perform = (HTTPRequest) throws(HTTPFailure) -> HTTPResponse

  private let tool: any TicketTool
  private let outbox: Outbox
  private let perform: Perform
  private var secrets: Secrets
  private var entry: OutboxEntry
  private var headers: [(name: String, value: String)] = []

  package init(
    _ entry: OutboxEntry, by tool: any TicketTool, from outbox: Outbox, secrets: Secrets,
    perform: @escaping Perform
  ) {
    self.entry = entry
    self.tool = tool
    self.outbox = outbox
    self.secrets = secrets
    self.perform = perform
  }

  /// Sends what is not sent yet.
  ///
  /// Throws `TicketError`, which the outbox keeps with the export, and `SinkError`.
  ///
  /// - Returns: what each step answered.
  package mutating func run() throws -> [String: String] {
    do {
      try open()
      try takeFacts()
      let (outbox, marker) = (self.outbox, entry.record.marker)
      for step in tool.steps(entry.record, content: { try outbox.content($0, of: marker) })
      where entry.results[step.name] == nil { try run(step) }
    } catch let error as TicketError {
      entry.error = TicketError(
        Self.masked(error.reason, secrets), step: error.step, address: secrets.masked(error.address)
      )
      try outbox.save(entry)
      close()
      throw entry.error ?? error
    }
    close()
    entry.error = nil
    try outbox.finish(entry)
    return entry.results
  }

  private mutating func open() throws {
    headers = try tool.headers(secrets)
    guard let (bare, token) = try tool.opening(secrets) else { return }
    var request = bare
    request.headers += headers
    let answer = try answer(to: request, step: "session")
    guard let session = answer.flatMap(token) else {
      throw TicketError(
        .refused(code: "", words: "no session"), step: "session", address: request.url)
    }
    secrets.derive(session)
    headers.append((tool.sessionHeader, session))
  }

  /// What goes wrong at the end has no consequence: sessions end by themselves.
  private func close() {
    guard var request = tool.closing, headers.contains(where: { $0.name == tool.sessionHeader })
    else { return }
    request.headers += headers
    _ = try? perform(request)
  }

  private mutating func takeFacts() throws {
    let request = tool.check(entry.record)
    do {
      let answer = try sessionAnswer(to: request, step: "ticket")
      entry.results.merge(tool.facts(answer)) { $1 }
    } catch let error as TicketError {
      if case .refused(let code, _) = error.reason,
        code.contains("404") || code.contains("NOT_FOUND")
      {
        throw TicketError(.noTicket(entry.record.ticket), step: "ticket", address: request.url)
      }
      throw error
    }
  }

  private mutating func run(_ step: TicketStep) throws {
    if entry.pending == step.name, !step.isRepeatable, try isThere(step) { return }
    let request = try step.request(entry.results)
    entry.pending = step.name
    try outbox.save(entry)
    do {
      let answer = try sessionAnswer(to: request, step: step.name)
      guard let result = step.result(answer) else {
        throw TicketError(
          .refused(
            code: "",
            words: answer.map { String(decoding: $0.bytes.prefix(300), as: UTF8.self) } ?? ""),
          step: step.name, address: request.url)
      }
      try note(result, of: step)
    } catch let error as TicketError {
      if !error.leavesDoubt { entry.pending = nil }
      throw error
    }
  }

  private mutating func note(_ result: String, of step: TicketStep) throws {
    entry.results[step.name] = result
    entry.pending = nil
    try outbox.save(entry)
  }

  /// Whether what an earlier attempt sent arrived.
  private mutating func isThere(_ step: TicketStep) throws -> Bool {
    guard let lookup = step.lookup else { throw TicketError(.unsure, step: step.name) }
    let request = try lookup.request(entry.results)
    guard let answer = try sessionAnswer(to: request, step: step.name),
      let result = lookup.found(answer, entry.results)
    else { return false }
    try note(result, of: step)
    return true
  }

  /// The answer to a call of the session; a session that is over is opened anew, once.
  private mutating func sessionAnswer(to request: HTTPRequest, step: String) throws -> JSONValue? {
    func dressed() -> HTTPRequest {
      var request = request
      request.headers += headers
      return request
    }
    do {
      return try answer(to: dressed(), step: step)
    } catch let error as TicketError {
      guard case .notKnown(let code, _) = error.reason, tool.isSessionOver(code) else {
        throw error
      }
      try open()
      return try answer(to: dressed(), step: step)
    }
  }

  private func answer(to request: HTTPRequest, step: String) throws -> JSONValue? {
    let response: HTTPResponse
    do {
      response = try perform(request)
    } catch {
      let reason: TicketError.Reason =
        error.mayHaveArrived ? .answerLost(error.words) : .notReached(error.words)
      throw TicketError(reason, step: step, address: request.url)
    }
    guard let (code, words) = tool.problem(response) else { return JSONValue(response.body) }
    throw TicketError(
      Self.reason(response.status, code, words), step: step, address: request.url)
  }

  private static func reason(_ status: Int, _ code: String, _ words: String) -> TicketError.Reason {
    if status == 413 || code.contains("TOO_BIG") { return .tooLarge(code: code, words: words) }
    switch status {
    case 401: return .notKnown(code: code, words: words)
    case 403: return .forbidden(code: code, words: words)
    case 404: return .refused(code: "HTTP 404 \(code)", words: words)
    case 500...599: return .broken(code: code, words: words)
    default: return .refused(code: code, words: words)
    }
  }

  /// A tool may repeat in its answer what it was sent.
  private static func masked(_ reason: TicketError.Reason, _ secrets: Secrets) -> TicketError.Reason
  {
    func mask(_ text: String) -> String { secrets.masked(String(text.prefix(500))) }
    return switch reason {
    case .notReached(let words): .notReached(mask(words))
    case .answerLost(let words): .answerLost(mask(words))
    case .notKnown(let code, let words): .notKnown(code: mask(code), words: mask(words))
    case .forbidden(let code, let words): .forbidden(code: mask(code), words: mask(words))
    case .tooLarge(let code, let words): .tooLarge(code: mask(code), words: mask(words))
    case .broken(let code, let words): .broken(code: mask(code), words: mask(words))
    case .refused(let code, let words): .refused(code: mask(code), words: mask(words))
    default: reason
    }
  }
}
