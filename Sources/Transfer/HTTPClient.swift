// SPDX-License-Identifier: Apache-2.0

import CTransfer

/// Sends requests by HTTP and HTTPS, one connection each; no redirection is followed.
package struct HTTPClient: Sendable {
  /// How long nothing may move, in seconds.
  package var patience = 60
  /// A file of certificates to trust instead of the system's.
  package var authorities: String?
  private let agent: String
  private static let longestAnswer = 16 << 20

  /// - Parameter agent: how it introduces itself.
  package init(agent: String) { self.agent = agent }

  /// Whether the address names this machine, which no proxy stands before.
  package static func isLoopback(_ url: String) -> Bool {
    guard let scheme = url.firstRange(of: "://") else { return false }
    let host = url[scheme.upperBound...].prefix { $0 != "/" }
    return ["127.", "localhost", "[::1]"].contains { host.hasPrefix($0) }
  }

  /// Sends a request and waits for its answer.
  package func perform(_ request: HTTPRequest) throws(HTTPFailure) -> HTTPResponse {
    var strings = CStrings()
    let method = strings.add(request.method)
    let url = strings.add(request.url)
    let agent = strings.add(self.agent)
    let authorities = self.authorities.map { strings.add($0) }
    let headers = request.headers.map { strings.add("\($0.name): \($0.value)") }
    var parts: [(name: Int, type: Int?, fileName: Int?, start: Int, count: Int)] = []
    var bytes: [UInt8] = []
    switch request.body {
    case .none: break
    case .bytes(let body): bytes = body
    case .form(let form):
      for part in form {
        parts.append(
          (
            strings.add(part.name), part.type.map { strings.add($0) },
            part.fileName.map { strings.add($0) }, bytes.count, part.bytes.count
          ))
        bytes += part.bytes
      }
    }
    let hasBody = request.body != .none && parts.isEmpty
    var response = unsafe ct_response()
    // SAFETY: all strings and bytes outlive the call, which keeps none of them.
    unsafe strings.bytes.withUnsafeBufferPointer { text in
      unsafe bytes.withUnsafeBufferPointer { body in
        func string(_ place: Int?) -> UnsafePointer<CChar>? {
          guard let place, let base = text.baseAddress else { return nil }
          return unsafe base + place
        }
        let lines = unsafe headers.map { unsafe string($0) }
        let pieces = unsafe parts.map { part in
          unsafe ct_part(
            name: string(part.name), type: string(part.type), file_name: string(part.fileName),
            bytes: body.baseAddress.map { unsafe $0 + part.start }, count: part.count)
        }
        unsafe lines.withUnsafeBufferPointer { lines in
          unsafe pieces.withUnsafeBufferPointer { pieces in
            var call = unsafe ct_request(
              method: string(method), url: string(url), headers: lines.baseAddress,
              header_count: lines.count, body: hasBody ? body.baseAddress : nil,
              body_count: hasBody ? body.count : 0, parts: pieces.baseAddress,
              part_count: pieces.count, authorities: string(authorities), agent: string(agent),
              bypasses_proxy: Self.isLoopback(request.url) ? 1 : 0, seconds: patience,
              longest_answer: Self.longestAnswer)
            unsafe ct_perform(&call, &response)
          }
        }
      }
    }
    defer { unsafe ct_free(&response) }
    guard unsafe response.failure == 0 else {
      let words = unsafe withUnsafeBytes(of: &response.words) { words in
        unsafe String(decoding: words.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw unsafe HTTPFailure(words: words, mayHaveArrived: response.may_have_left != 0)
    }
    let answer = unsafe UnsafeBufferPointer(start: response.body, count: response.body_count)
    return unsafe HTTPResponse(status: Int(response.status), body: Array(answer))
  }
}

/// Strings ended by zeros, one behind the other; each is known by where it starts.
private struct CStrings {
  private(set) var bytes: [CChar] = []

  /// A zero in the text would end it early: it is left out, and so is what would begin a new header.
  mutating func add(_ text: String) -> Int {
    let start = bytes.count
    bytes += text.utf8.filter { ![0x00, 0x0A, 0x0D].contains($0) }.map { CChar(bitPattern: $0) }
    bytes.append(0)
    return start
  }
}
