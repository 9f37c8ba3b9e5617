// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A JSON document of which nothing is taken for granted: what is missing, or of another kind than
/// expected, reads as nil.
enum JSONValue: Decodable, Equatable {
  case bool(Bool)
  case integer(Int64)
  /// Above `Int64.max`.
  case large(UInt64)
  case real(Double)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])
  /// Null, and numbers that no type here holds.
  case nothing

  /// Nil for anything that is not one whole JSON document.
  init?(_ bytes: [UInt8]) {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else {
      return nil
    }
    self = value
  }

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let number = try? value.decode(Int64.self) {
      self = .integer(number)
    } else if let flag = try? value.decode(Bool.self) {
      self = .bool(flag)
    } else if let object = try? value.decode([String: JSONValue].self) {
      self = .object(object)
    } else if let array = try? value.decode([JSONValue].self) {
      self = .array(array)
    } else if let number = try? value.decode(UInt64.self) {
      self = .large(number)
    } else if let number = try? value.decode(Double.self) {
      self = .real(number)
    } else {
      self = .nothing
    }
  }

  /// A member of an object.
  subscript(_ name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
  var text: String? { if case .text(let text) = self { text } else { nil } }
  var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }

  /// A number that counts something: whole and not negative.
  var count: UInt64? {
    switch self {
    case .integer(let number): UInt64(exactly: number)
    case .large(let number): number
    default: nil
    }
  }

  var whole: Int? { if case .integer(let number) = self { Int(exactly: number) } else { nil } }
}
