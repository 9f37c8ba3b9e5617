// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over JSON text, value by value, without recursion.
struct JSONWalk {
  private enum Expected { case value, valueOrEnd, key, keyOrEnd, colon, commaOrEnd }

  private static let deepest = 10_000
  private static let fewBytes: ByteOffset = 64
  private let file: Source
  private var cursor: TextCursor
  /// The brackets that are open: true for an object's.
  private var open: [Bool] = []
  private var facts = JSONFacts()
  /// Whether other text follows at once: this is no file but a piece of one.
  private(set) var isPiece = false
  /// How many values were read.
  private(set) var members: UInt64 = 0

  init(_ file: Source) throws {
    self.file = file
    let isMarked = try file.readPrefix(at: 0, count: 3) == [0xEF, 0xBB, 0xBF]
    cursor = TextCursor(file, from: isMarked ? 3 : 0)
  }

  mutating func examination() throws -> Examination {
    try document()
    guard members > 1 else { throw cursor.foreign("there is next to nothing in it") }
    var end = cursor.offset
    var last = try TextEnd(in: file, after: end)
    var documents = 1
    // Where no slack shows and the blanks go on, or values came before, another sector is no end.
    while !last.hasSlack, try documents > 1 || !last.isCertain || blankFollows(last.offset),
      try anotherFollows()
    {
      try document()
      end = cursor.offset
      last = try TextEnd(in: file, after: end)
      documents += 1
    }
    // A few braces may stand anywhere; a file's sector is filled with zeros.
    guard last.hasSlack || end >= Self.fewBytes else {
      isPiece = true
      throw Malformed("JSON", "there is next to nothing in it", at: end)
    }
    guard try last.isCertain || !textFollows(end) else {
      isPiece = true
      throw Malformed("JSON", "other text follows", at: end)
    }
    var evidence = last.evidence + cursor.evidence
    // How many values there are, nothing says.
    if documents > 1, last.isCertain { evidence.append(.endReasoned) }
    var result = Examination.whole("json", "JSON", end: last.offset, and: evidence)
    result.type = documents > 1 && facts.isLines ? "jsonl" : facts.type
    result.name = documents > 1 ? nil : facts.title
    return result
  }

  /// Whether a value begins behind blanks.
  private mutating func anotherFollows() throws -> Bool {
    let before = cursor
    var lines = 0
    while let character = try cursor.nextIfAny() {
      if character == 0x0A { lines += 1 }
      guard !TextCursor.isBlank(character) else { continue }
      guard character == 0x7B || character == 0x5B else { break }
      cursor.back()
      if lines != 1 { facts.isLines = false }
      return true
    }
    cursor = before
    return false
  }

  private func blankFollows(_ end: ByteOffset) throws -> Bool {
    try file.readPrefix(at: end, count: 1).first.map { TextCursor.isBlank(UInt32($0)) } ?? false
  }

  /// Whether other text stands directly behind.
  private func textFollows(_ end: ByteOffset) throws -> Bool {
    var behind = TextCursor(file, from: end, as: .octets)
    return (try? behind.nextBehindBlanks()).map { $0 < 0x80 } ?? false
  }

  /// Reads one value with all that is in it.
  private mutating func document() throws {
    var expected = Expected.value
    repeat {
      let character = try nextBehindBlanks()
      cursor.mark()
      switch (character, expected) {
      case (0x7D, .keyOrEnd), (0x7D, .commaOrEnd), (0x5D, .valueOrEnd), (0x5D, .commaOrEnd):
        guard open.popLast() == (character == 0x7D) else {
          throw cursor.foreign("a bracket closes what is not open")
        }
        expected = .commaOrEnd
      case (0x2C, .commaOrEnd): expected = open.last == true ? .key : .value
      case (0x3A, .colon): expected = .value
      case (0x22, .key), (0x22, .keyOrEnd):
        try facts.key(string(), depth: open.count)
        expected = .colon
      case (_, .value), (_, .valueOrEnd): expected = try value(character)
      default: throw cursor.foreign("no JSON stands here")
      }
    } while !open.isEmpty
  }

  /// JSON Lines end a value with its line, and no value holds one.
  private mutating func nextBehindBlanks() throws -> UInt32 {
    while true {
      let character = try cursor.next()
      if character == 0x0A, !open.isEmpty { facts.isLines = false }
      if !TextCursor.isBlank(character) { return character }
    }
  }

  /// Reads a value, or what begins one.
  private mutating func value(_ first: UInt32) throws -> Expected {
    members &+= 1
    switch first {
    case 0x7B, 0x5B:
      guard open.count < Self.deepest else { throw cursor.foreign("values are nested too deep") }
      open.append(first == 0x7B)
      return first == 0x7B ? .keyOrEnd : .valueOrEnd
    case 0x22: try facts.value(string(), depth: open.count)
    case 0x74: try word("rue")
    case 0x66: try word("alse")
    case 0x6E: try word("ull")
    // Python writes these two.
    case 0x4E: try word("aN")
    case 0x49: try word("nfinity")
    default: try number(first)
    }
    guard !open.isEmpty else { throw cursor.foreign("no object and no array stands here") }
    return .commaOrEnd
  }

  private mutating func word(_ rest: StaticString) throws {
    guard try cursor.skip(rest) else { throw cursor.foreign("no JSON value stands here") }
  }

  private mutating func number(_ first: UInt32) throws {
    var character = first
    if character == 0x2D { character = try cursor.next() }
    if character == 0x49 { return try word("nfinity") }
    let isZero = character == 0x30
    guard try digits(&character), !isZero || !Self.isDigit(character) else {
      throw cursor.foreign("no number stands here")
    }
    if character == 0x2E {
      character = try cursor.next()
      guard try digits(&character) else { throw cursor.foreign("a number has no decimals") }
    }
    if character | 0x20 == 0x65 {
      character = try cursor.next()
      if character == 0x2B || character == 0x2D { character = try cursor.next() }
      guard try digits(&character) else { throw cursor.foreign("a number has no exponent") }
    }
    cursor.back()
  }

  /// Reads digits; false where none stands.
  private mutating func digits(_ character: inout UInt32) throws -> Bool {
    guard Self.isDigit(character) else { return false }
    while Self.isDigit(character) { character = try cursor.next() }
    return true
  }

  private static func isDigit(_ character: UInt32) -> Bool { (0x30...0x39).contains(character) }

  /// A string behind its quote: at most its first 200 characters, escapes left as they are.
  private mutating func string() throws -> [UInt32] {
    var text: [UInt32] = []
    while true {
      var character = try cursor.next()
      if character == 0x22 {
        cursor.mark()
        return text
      }
      // A tabulator is not allowed, but written.
      guard character != 0x0A, character != 0x0D else {
        throw cursor.foreign("a string does not end")
      }
      if character == 0x5C { character = try escape() }
      if text.count < 200 { text.append(character) }
    }
  }

  private mutating func escape() throws -> UInt32 {
    let kind = try cursor.next()
    switch kind {
    case 0x22, 0x5C, 0x2F: return kind
    case 0x62, 0x66, 0x6E, 0x72, 0x74: return 0x20
    case 0x75:
      var value: UInt32 = 0
      for _ in 0..<4 {
        guard let digit = HexDigit.value(try cursor.next()) else {
          throw cursor.foreign("no character is escaped so")
        }
        value = value << 4 | digit
      }
      return value
    default: throw cursor.foreign("no character is escaped so")
    }
  }
}
