// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over a compiled class. Indices into the constants must point at constants of the kind
/// that belongs there.
///
/// - Source: Oracle, *The Java Virtual Machine Specification*, §4.1 to §4.7.
struct JavaClassWalk {
  private enum Constant: Equatable {
    case text(ByteOffset, count: Int)
    case type(UInt16)
    case other
  }

  private let file: Source
  private var window: Window
  private var position: ByteOffset = 8
  private var constants: [Constant] = [.other]

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 0x4000)
  }

  mutating func examination() throws -> Examination {
    try readConstants()
    _ = try word()
    let own = try type(try word(), mayBeNone: false)
    _ = try type(try word(), mayBeNone: true)
    for _ in 0..<(try word()) { _ = try type(try word(), mayBeNone: false) }
    for _ in 0..<2 {
      for _ in 0..<(try word()) {
        _ = try word()
        try requireText(try word())
        try requireText(try word())
        try skipAttributes()
      }
    }
    try skipAttributes()
    guard position <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole("class", "Java class", end: position)
    result.name = own
    return result
  }

  private mutating func word() throws -> UInt16 {
    defer { position = position.advancedClamped(by: 2) }
    return try window.big(UInt16.self, at: position)
  }

  private mutating func readConstants() throws {
    let count = Int(try word())
    while constants.count < count {
      let start = position
      let kind = try window.byte(at: position)
      position = try position + 1
      switch kind {
      case 1:
        let length = try word()
        let data = position
        position = try position + ByteCount(UInt64(length))
        constants.append(.text(data, count: Int(length)))
      case 7: constants.append(.type(try word()))
      case 5, 6:
        // Longs and doubles take two places.
        position = try position + 8
        constants += [.other, .other]
      case 3, 4, 9, 10, 11, 12, 17, 18:
        position = try position + 4
        constants.append(.other)
      case 8, 16, 19, 20:
        position = try position + 2
        constants.append(.other)
      case 15:
        position = try position + 3
        constants.append(.other)
      default: throw Malformed("class", "a constant of an unknown kind", at: start)
      }
    }
  }

  private func text(_ index: UInt16) -> (ByteOffset, Int)? {
    guard Int(index) < constants.count, case .text(let place, let count) = constants[Int(index)]
    else { return nil }
    return (place, count)
  }

  private func requireText(_ index: UInt16) throws(Malformed) {
    guard text(index) != nil else {
      throw Malformed("class", "a name that is no text", at: position)
    }
  }

  /// The last part of a class's name.
  private mutating func type(_ index: UInt16, mayBeNone: Bool) throws -> String? {
    if index == 0, mayBeNone { return nil }
    guard Int(index) < constants.count, case .type(let name) = constants[Int(index)],
      let (place, count) = text(name)
    else { throw Malformed("class", "a type that is no type", at: position) }
    let bytes = try window.copy(at: place, count: count)
    return ContentText.text(bytes.split(separator: 0x2F).last ?? [])
  }

  private mutating func skipAttributes() throws {
    for _ in 0..<(try word()) {
      try requireText(try word())
      let length = try window.big(UInt32.self, at: position)
      position = try position + 4 + ByteCount(UInt64(length))
      guard position <= file.range.upperBound else { throw Truncated() }
    }
  }
}
