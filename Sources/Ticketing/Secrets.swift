// SPDX-License-Identifier: Apache-2.0

/// Tokens and passwords of a tool. They are in memory alone: never in a case, an outbox or a message.
package struct Secrets: Sendable {
  private let tool: String
  private let values: [String: String]
  /// Made of secrets on the way: a session, an encoded pair.
  private var derived: [String] = []

  /// - Parameter values: by their names in the environment, such as `RENFLOU_GLPI_USER_TOKEN`.
  package init(tool: String, _ values: [String: String]) {
    self.tool = tool
    self.values = values.filter { !$0.value.isEmpty }
  }

  /// The name in the environment or in a file of secrets.
  package func variable(_ name: String) -> String { "RENFLOU_\(tool.uppercased())_\(name)" }

  /// The secret of that short name, such as `USER_TOKEN`.
  package subscript(_ name: String) -> String? { values[variable(name)] }

  /// The same, or throws `TicketError`.
  package func require(_ name: String) throws(TicketError) -> String {
    guard let value = self[name] else { throw TicketError(.noSecret(variable(name))) }
    return value
  }

  /// The same with more values, by their names in the environment.
  func adding(_ more: [String: String]) -> Secrets {
    Secrets(tool: tool, values.merging(more) { own, _ in own })
  }

  mutating func derive(_ value: String) { derived.append(value) }

  /// A text in which no secret can be read.
  package func masked(_ text: String) -> String {
    let all = (Array(values.filter { $0.key.hasPrefix("RENFLOU_") }.values) + derived)
    return all.sorted { $0.utf8.count > $1.utf8.count }.reduce(text) { text, secret in
      secret.utf8.count < 4 ? text : text.replacing(secret, with: "•••")
    }
  }

  /// The lines `NAME=value` of a file; lines that begin with `#` say nothing.
  package static func parsed(_ text: [UInt8]) -> [String: String] {
    var values: [String: String] = [:]
    for line in String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, !line.hasPrefix("#") else { continue }
      values[String(parts[0].filter { !$0.isWhitespace })] = String(parts[1])
    }
    return values
  }
}

/// Bytes as text of 64 characters.
///
/// - Source: RFC 4648, §4.
func base64(_ bytes: [UInt8]) -> String {
  let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var result: [UInt8] = []
  result.reserveCapacity(bytes.count / 3 * 4 + 4)
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let part = bytes[start..<min(start + 3, bytes.count)]
    let word = part.reduce(0) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - part.count))
    for index in 0..<4 {
      result.append(
        index <= part.count ? digits[Int(word >> (18 - 6 * UInt32(index)) & 63)] : 0x3D)
    }
  }
  return String(decoding: result, as: UTF8.self)
}
