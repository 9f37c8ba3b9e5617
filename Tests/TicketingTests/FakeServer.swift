// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// A small HTTP server on loopback: one thread, one request a connection.
final class FakeServer: Sendable {
  struct Request: Sendable {
    let method: String
    /// With the query.
    let path: String
    /// By names in lower case.
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var line: String { method + " " + path.prefix { $0 != "?" } }
  }

  enum Reply: Sendable {
    case answer(Int, String)
    /// The connection ends without a word.
    case cut
  }

  let url: String
  private let listener: Int32
  private let port: UInt16

  /// Listens on a port of the system's choice, and answers as `handle` says.
  init(_ handle: @escaping @Sendable (Request) -> Reply) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        precondition(bind(listener, $0, length) == 0 && listen(listener, 16) == 0)
        precondition(getsockname(listener, $0, &length) == 0)
      }
    }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    url = "http://127.0.0.1:\(port)"
    Thread.detachNewThread {
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 { return }
        Self.serve(connection, handle)
      }
    }
  }

  deinit { shutdown(listener, Int32(SHUT_RDWR)); close(listener) }

  private static func serve(_ connection: Int32, _ handle: (Request) -> Reply) {
    defer { close(connection) }
    guard let request = read(connection) else { return }
    guard case .answer(let status, let body) = handle(request) else { return }
    let answer = Array(
      "HTTP/1.1 \(status) X\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        .utf8)
    var sent = 0
    while sent < answer.count {
      let count = answer[sent...].withUnsafeBytes {
        send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      sent += count
    }
  }

  private static func read(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var end: Int?
    var length = 0
    var head: [Substring] = []
    while true {
      if end == nil, let range = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
        end = range.upperBound
        head = String(decoding: bytes[..<range.lowerBound], as: UTF8.self)
          .split(separator: "\r\n")
        length = Int(headers(head)["content-length"] ?? "0") ?? 0
      }
      if let end, bytes.count >= end + length { break }
      let count = recv(connection, &buffer, buffer.count, 0)
      if count <= 0 { return nil }
      bytes += buffer[..<count]
    }
    let words = (head.first ?? "").split(separator: " ")
    guard words.count == 3, let end else { return nil }
    return Request(
      method: String(words[0]), path: String(words[1]), headers: headers(head),
      body: Array(bytes[end..<(end + length)]))
  }

  private static func headers(_ head: [Substring]) -> [String: String] {
    let pairs = head.dropFirst().compactMap { line -> (String, String)? in
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      return (parts[0].lowercased(), parts[1].trimmingCharacters(in: .whitespaces))
    }
    return Dictionary(pairs, uniquingKeysWith: { $1 })
  }
}
