// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Reads a PDF's tokens from bytes in memory.
///
/// Throws `Truncated` where the bytes end inside a value, `Malformed` where there is none.
///
/// - Source: ISO 32000-1, §7.2 "Lexical conventions", §7.3 "Objects".
struct PDFScanner {
  private static let deepest = 128
  private static let longestString = 0x8000
  let bytes: [UInt8]
  private(set) var position: Int

  init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (9...13).contains(byte) || byte == 0
  }

  /// Blanks, and the delimiters ( ) < > [ ] { } / %.
  static func endsWord(_ byte: UInt8) -> Bool {
    isBlank(byte) || [0x28, 0x29, 0x3C, 0x3E, 0x5B, 0x5D, 0x7B, 0x7D, 0x2F, 0x25].contains(byte)
  }

  private func byte(_ index: Int) throws -> UInt8 {
    guard index >= 0, index < bytes.count else { throw Truncated() }
    return bytes[index]
  }

  /// Moves behind blanks and comments.
  mutating func skipBlanks() throws {
    while true {
      let next = try byte(position)
      if Self.isBlank(next) {
        position += 1
      } else if next == 0x25 {
        while try ![0x0A, 0x0D].contains(byte(position)) { position += 1 }
      } else {
        return
      }
    }
  }

  /// Takes the word if it stands next.
  mutating func take(_ word: String) -> Bool {
    guard bytes.holds(Array(word.utf8), at: position) else { return false }
    position += word.utf8.count
    return true
  }

  /// Takes digits; nil where none stand next.
  mutating func number() throws -> UInt64? {
    var value: UInt64 = 0
    let start = position
    while case let digit = try byte(position), (0x30...0x39).contains(digit) {
      guard position - start < 15 else { return nil }
      value = value * 10 + UInt64(digit - 0x30)
      position += 1
    }
    return position == start ? nil : value
  }

  /// Moves behind one value: a number, a name, a string, an array or a dictionary.
  mutating func skipValue() throws {
    var open: [UInt8] = []
    repeat {
      try skipBlanks()
      switch try byte(position) {
      case 0x3C where try byte(position + 1) == 0x3C:
        open.append(0x3E)
        position += 2
      case 0x3E:
        guard open.popLast() == 0x3E, try byte(position + 1) == 0x3E else { throw wrong() }
        position += 2
      case 0x5B:
        open.append(0x5D)
        position += 1
      case 0x5D:
        guard open.popLast() == 0x5D else { throw wrong() }
        position += 1
      default: try skipSimple()
      }
      guard open.count <= Self.deepest else { throw wrong() }
    } while !open.isEmpty
  }

  private mutating func skipSimple() throws {
    switch try byte(position) {
    case 0x28: try skipString()
    case 0x3C:
      position += 1
      while case let digit = try byte(position), digit != 0x3E {
        guard Self.isBlank(digit) || Self.isHexadecimal(digit) else { throw wrong() }
        position += 1
      }
      position += 1
    default:
      let start = position
      if try byte(position) == 0x2F { position += 1 }
      while case let next = try byte(position), !Self.endsWord(next) {
        guard next > 0x20, position - start < 1024 else { throw wrong() }
        position += 1
      }
      if position == start { throw wrong() }
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte & 0xDF)
  }

  private mutating func skipString() throws {
    var depth = 0
    let start = position
    var isBinary = false
    repeat {
      let next = try byte(position)
      isBinary = isBinary || next == 0
      // Readers need not take longer ones; scripts are, but they are text.
      guard !isBinary || position - start <= Self.longestString else { throw wrong() }
      switch next {
      case 0x5C: position += 1
      case 0x28: depth += 1
      case 0x29: depth -= 1
      default: break
      }
      position += 1
    } while depth > 0
  }

  /// Reads a dictionary: its keys, and where their values stand.
  mutating func dictionary() throws -> PDFDictionary {
    try skipBlanks()
    guard take("<<") else { throw wrong() }
    var places: [String: Range<Int>] = [:]
    while true {
      try skipBlanks()
      if take(">>") { return PDFDictionary(bytes: bytes, places: places) }
      guard try byte(position) == 0x2F else { throw wrong() }
      let start = position + 1
      try skipSimple()
      let key = String(decoding: bytes[start..<position], as: UTF8.self)
      try skipBlanks()
      let value = position
      try skipValue()
      try skipReference(after: value)
      places[key] = value..<position
    }
  }

  /// Behind a number may follow a second and `R`: together they name an object.
  private mutating func skipReference(after start: Int) throws {
    guard (0x30...0x39).contains(bytes[start]) else { return }
    var ahead = self
    try ahead.skipBlanks()
    guard try ahead.number() != nil else { return }
    try ahead.skipBlanks()
    if ahead.take("R") { self = ahead }
  }

  private func wrong() -> Malformed {
    Malformed("PDF", "a value is none", at: ByteOffset(UInt64(clamping: position)))
  }
}

/// A dictionary's values, as they stand in the file.
struct PDFDictionary {
  let bytes: [UInt8]
  let places: [String: Range<Int>]

  var keys: some Collection<String> { places.keys }

  /// The bytes of a value.
  func value(_ key: String) -> ArraySlice<UInt8>? { places[key].map { bytes[$0] } }

  /// A number, or nil where the value is none (or names an object).
  func number(_ key: String) -> UInt64? {
    value(key).flatMap { UInt64(String(decoding: $0, as: UTF8.self)) }
  }

  /// The number of the object that the value names.
  func reference(_ key: String) -> UInt64? {
    guard let value = value(key), value.last == 0x52 else { return nil }
    return UInt64(String(decoding: value.prefix { (0x30...0x39).contains($0) }, as: UTF8.self))
  }

  /// A name, or the first one of an array.
  func firstName(_ key: String) -> String? {
    guard let value = value(key) else { return nil }
    let name = value.drop { $0 != 0x2F }.dropFirst().prefix { !PDFScanner.endsWord($0) }
    return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
  }

  /// The numbers of an array.
  func numbers(_ key: String) -> [UInt64] {
    guard let value = value(key) else { return [] }
    return value.split(whereSeparator: PDFScanner.endsWord).prefix(10_000).compactMap {
      UInt64(String(decoding: $0, as: UTF8.self))
    }
  }

  /// A dictionary inside.
  func dictionary(_ key: String) -> PDFDictionary? {
    guard let place = places[key] else { return nil }
    var scanner = PDFScanner(bytes, at: place.lowerBound)
    if bytes[place.lowerBound] == 0x5B {
      // Parameters of several filters: those of the first.
      scanner = PDFScanner(bytes, at: place.lowerBound + 1)
    }
    return try? scanner.dictionary()
  }
}
