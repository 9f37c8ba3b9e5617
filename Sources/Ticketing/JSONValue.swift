// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A JSON document: what calls carry, and what is read of answers, of which nothing is taken for granted.
package enum JSONValue: Codable, Sendable, Equatable, ExpressibleByStringLiteral {
  case text(String)
  case integer(Int64)
  case real(Double)
  case bool(Bool)
  case array([JSONValue])
  case object([String: JSONValue])
  case null

  package init(stringLiteral text: String) { self = .text(text) }

  /// Nil for anything that is not one whole JSON document.
  package init?(_ bytes: [UInt8]) {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else {
      return nil
    }
    self = value
  }

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let flag = try? value.decode(Bool.self) {
      self = .bool(flag)
    } else if let number = try? value.decode(Int64.self) {
      self = .integer(number)
    } else if let number = try? value.decode(Double.self) {
      self = .real(number)
    } else if let members = try? value.decode([String: JSONValue].self) {
      self = .object(members)
    } else if let elements = try? value.decode([JSONValue].self) {
      self = .array(elements)
    } else {
      self = .null
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .text(let text): try value.encode(text)
    case .integer(let number): try value.encode(number)
    case .real(let number): try value.encode(number)
    case .bool(let flag): try value.encode(flag)
    case .array(let elements): try value.encode(elements)
    case .object(let members): try value.encode(members)
    case .null: try value.encodeNil()
    }
  }

  /// An id: a number where it is one, as services write theirs.
  package init(id: String) { self = Int64(id).map { .integer($0) } ?? .text(id) }

  /// A member of an object.
  package subscript(_ name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// The elements of an array; of anything else none.
  package var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }

  /// A text or a number as a word.
  package var word: String? {
    switch self {
    case .text(let text): text
    case .integer(let number): String(number)
    default: nil
    }
  }

  /// Whether any text inside holds `word`.
  package func mentions(_ word: String) -> Bool {
    switch self {
    case .text(let text): text.contains(word)
    case .array(let elements): elements.contains { $0.mentions(word) }
    case .object(let members): members.values.contains { $0.mentions(word) }
    default: false
    }
  }

  /// The document's bytes, always in the same order.
  package var bytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { Array($0) } ?? []
  }
}
