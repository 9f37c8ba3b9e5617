// SPDX-License-Identifier: Apache-2.0

import Transfer

/// A tool that keeps tickets: how its calls look.
package protocol TicketTool: Sendable {
  /// Its name on the command line and in secrets' names.
  var name: String { get }
  /// The secrets that it cannot do without; of each list one suffices.
  var secretNames: [[String]] { get }

  /// Headers that every call carries. Throws `TicketError`.
  func headers(_ secrets: Secrets) throws -> [(name: String, value: String)]

  /// The call that opens a session, and what makes a header of its answer; nil where there are none.
  func opening(_ secrets: Secrets) throws -> (HTTPRequest, @Sendable (JSONValue) -> String?)?
  /// The header that carries the session.
  var sessionHeader: String { get }
  var closing: HTTPRequest? { get }

  /// Asks for the ticket; it must be there before anything is sent.
  func check(_ record: TicketRecord) -> HTTPRequest
  /// What of that answer later steps need, by name.
  func facts(_ answer: JSONValue?) -> [String: String]

  /// The calls, in order. Documents' bytes come through `content`.
  func steps(
    _ record: TicketRecord, content: @escaping @Sendable (TicketRecord.Document) throws -> [UInt8]
  ) -> [TicketStep]

  /// What an answer of any status says went wrong: a code and words; nil where it is fine.
  func problem(_ response: HTTPResponse) -> (code: String, words: String)?
  /// Whether that code means that the session ended, and a new one helps.
  func isSessionOver(_ code: String) -> Bool
}

extension TicketTool {
  package var sessionHeader: String { "" }
  package var closing: HTTPRequest? { nil }
  package func opening(
    _ secrets: Secrets
  ) throws -> (HTTPRequest, @Sendable (JSONValue) -> String?)? { nil }
  package func headers(_ secrets: Secrets) throws -> [(name: String, value: String)] { [] }
  package func facts(_ answer: JSONValue?) -> [String: String] { [:] }
  package func isSessionOver(_ code: String) -> Bool { false }

  package func problem(_ response: HTTPResponse) -> (code: String, words: String)? {
    if (200..<300).contains(response.status) { return nil }
    let answer = JSONValue(response.body)
    let words = ["error_human", "errorMessage", "error", "message"].lazy
      .compactMap { answer?[$0]?.word }.first
    let messages = answer?["errorMessages"]?.elements.compactMap(\.word).joined(separator: "; ")
    return ("HTTP \(response.status)", words ?? messages ?? "")
  }
}

extension HTTPRequest {
  /// A call that carries JSON.
  static func json(_ method: String, _ url: String, _ body: JSONValue) -> HTTPRequest {
    HTTPRequest(
      method, url, headers: [("Content-Type", "application/json")], body: .bytes(body.bytes))
  }

  /// A call that asks for JSON, and carries nothing.
  static func get(_ url: String) -> HTTPRequest { HTTPRequest("GET", url) }
}

extension String {
  /// The text as a part of an address: all but unreserved characters are encoded (RFC 3986, §2.3).
  var urlEncoded: String {
    utf8.map { byte in
      let character = Character(Unicode.Scalar(byte))
      let isPlain = byte < 0x80 && (character.isLetter || character.isNumber)
      return isPlain || "-._~".contains(character)
        ? String(character)
        : "%" + String(byte >> 4, radix: 16, uppercase: true)
          + String(byte & 15, radix: 16, uppercase: true)
    }.joined()
  }
}
