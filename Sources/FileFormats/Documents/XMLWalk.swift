// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over an XML document: prolog, elements with their tags in balance, what may follow.
struct XMLWalk {
  private static let deepest = 4096
  private let file: Source
  private let encoding: TextCursor.Encoding
  private var isDeclared: Bool
  private var cursor: TextCursor
  private var open: [[UInt32]] = []
  private var root: String?
  private var facts = XMLFacts()
  private var end: ByteOffset = 0

  init(_ file: Source) throws {
    self.file = file
    let head = try file.readPrefix(at: 0, count: 256)
    let start: ByteOffset
    (encoding, start) = Self.encoding(of: head)
    isDeclared = head.filter { $0 != 0 }.firstIndex(of: Array("<?xml".utf8)) != nil
    cursor = TextCursor(file, from: start, as: encoding, allowing: Self.controls(of: head))
  }

  /// Whether more than a comment was seen: what tells a document from other text.
  var isConvincing: Bool { isDeclared || root.map(XMLKind.isKnown) ?? false }

  mutating func examination() throws -> Examination {
    try content()
    end = cursor.offset
    var last = try TextEnd(in: file, after: end, as: encoding)
    while !last.isCertain, try trailingMarkup() {
      end = cursor.offset
      last = try TextEnd(in: file, after: end, as: encoding)
    }
    var result = Examination.whole(
      "xml", "XML", end: last.offset, and: last.evidence + cursor.evidence)
    let name = root ?? ""
    result.type = XMLKind.type(root: name, attributes: facts.attributes)
    result.name = facts.title
    result.date = facts.date
    return result
  }

  /// Everything up to the end of the outermost element.
  private mutating func content() throws {
    repeat {
      let character = try cursor.next()
      if character == 0x3C {
        cursor.mark()
        try markup()
        cursor.mark()
      } else if open.isEmpty {
        guard TextCursor.isBlank(character) else {
          throw cursor.foreign("text stands outside of the outermost element")
        }
      } else {
        facts.text(character)
      }
    } while root == nil || !open.isEmpty
  }

  /// A comment or an instruction behind the outermost element; false where none stands.
  private mutating func trailingMarkup() throws -> Bool {
    let before = cursor
    do {
      guard try cursor.nextBehindBlanks() == 0x3C, let mark = try cursor.nextIfAny() else {
        cursor = before
        return false
      }
      let isInstruction = try mark == 0x3F && !cursor.skip("xml ")
      if isInstruction {
        try skip(past: 0x3F, times: 1)
        return true
      }
      if try mark == 0x21 && cursor.skip("--") {
        try skip(past: 0x2D, times: 2)
        return true
      }
    } catch is Truncated {
    } catch is Malformed {
    }
    cursor = before
    return false
  }

  private mutating func markup() throws {
    switch try cursor.next() {
    case 0x2F: try endTag()
    case 0x3F: try skip(past: 0x3F, times: 1)
    case 0x21: try declaration()
    case let first: try startTag(first)
    }
  }

  private mutating func declaration() throws {
    if try cursor.skip("--") { return try skip(past: 0x2D, times: 2) }
    if try cursor.skip("[CDATA[") {
      guard !open.isEmpty else { throw cursor.foreign("text stands outside of any element") }
      return try skip(past: 0x5D, times: 2)
    }
    guard try root == nil && cursor.skip("DOCTYPE") else {
      throw cursor.foreign("no XML declaration stands here")
    }
    try documentType()
    isDeclared = true
  }

  /// The document type, with what it declares in brackets.
  private mutating func documentType() throws {
    var depth = 0
    var isInside = false
    while true {
      switch try cursor.next() {
      case 0x22: try skip(toQuote: 0x22)
      case 0x27: try skip(toQuote: 0x27)
      case 0x5B: isInside = true
      case 0x5D: isInside = false
      case 0x3C:
        let next = try cursor.next()
        if next == 0x3F {
          try skip(past: 0x3F, times: 1)
        } else if try next == 0x21 && cursor.skip("--") {
          try skip(past: 0x2D, times: 2)
        } else {
          guard next == 0x21, isInside else { throw cursor.foreign("no declaration stands here") }
          depth += 1
        }
      case 0x3E:
        if depth == 0, !isInside { return }
        guard depth > 0 else { throw cursor.foreign("a document type does not end") }
        depth -= 1
      default: continue
      }
    }
  }

  private mutating func startTag(_ first: UInt32) throws {
    let name = try self.name(first)
    let isRoot = root == nil
    if isRoot {
      root = XMLFacts.local(name)
      guard isDeclared || XMLKind.isKnown(root: root ?? "") else {
        throw cursor.foreign("no known kind of document begins so")
      }
    }
    guard open.count < Self.deepest else { throw cursor.foreign("elements are nested too deep") }
    while true {
      let next = try cursor.nextBehindBlanks()
      if next == 0x3E {
        open.append(name)
        return facts.begin(name, depth: open.count, root: root ?? "")
      }
      if next == 0x2F {
        guard try cursor.next() == 0x3E else { throw cursor.foreign("a tag does not end") }
        return facts.end()
      }
      let key = try self.name(next)
      cursor.mark()
      let value = try attributeValue()
      if isRoot { facts.add(key, value) }
    }
  }

  /// What follows an attribute's name; at most 300 characters of it.
  private mutating func attributeValue() throws -> [UInt32] {
    guard try cursor.nextBehindBlanks() == 0x3D else {
      throw cursor.foreign("an attribute has no value")
    }
    let quote = try cursor.nextBehindBlanks()
    guard quote == 0x22 || quote == 0x27 else {
      throw cursor.foreign("an attribute's value is not quoted")
    }
    var value: [UInt32] = []
    while true {
      let character = try cursor.next()
      if character == quote { return value }
      guard character != 0x3C else { throw cursor.foreign("a tag stands in an attribute") }
      if value.count < 300 { value.append(character) }
    }
  }

  private mutating func endTag() throws {
    let name = try self.name(cursor.next())
    guard try cursor.nextBehindBlanks() == 0x3E, open.popLast() == name else {
      throw cursor.foreign("a tag closes what is not open")
    }
    facts.end()
  }

  private mutating func name(_ first: UInt32) throws -> [UInt32] {
    guard XMLFacts.startsName(first) else { throw cursor.foreign("no name stands here") }
    var name = [first]
    while true {
      let next = try cursor.next()
      guard XMLFacts.continuesName(next) else {
        cursor.back()
        return name
      }
      guard name.count < 512 else { throw cursor.foreign("a name does not end") }
      name.append(next)
    }
  }

  /// Reads up to a bracket that follows `mark` so many times, and over it.
  private mutating func skip(past mark: UInt32, times: Int) throws {
    var count = 0
    while true {
      let character = try cursor.next()
      if character == 0x3E, count >= times { return }
      count = character == mark ? count &+ 1 : 0
    }
  }

  private mutating func skip(toQuote quote: UInt32) throws {
    while try cursor.next() != quote {}
  }

  /// The encoding, and where the text begins.
  ///
  /// - Source: XML 1.0, appendix F "Autodetection of Character Encodings".
  private static func encoding(of head: [UInt8]) -> (TextCursor.Encoding, ByteOffset) {
    if head.starts(with: [0xFF, 0xFE]) { return (.utf16(isBig: false), 2) }
    if head.starts(with: [0xFE, 0xFF]) { return (.utf16(isBig: true), 2) }
    if head.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
    if head.starts(with: [0x3C, 0]) { return (.utf16(isBig: false), 0) }
    if head.starts(with: [0, 0x3C]) { return (.utf16(isBig: true), 0) }
    let name = declaredEncoding(in: head)
    let isUTF8 = name.isEmpty || name.hasPrefix("utf") || name.contains("ascii")
    return (isUTF8 ? .utf8 : .octets, 0)
  }

  private static func controls(of head: [UInt8]) -> UInt32 {
    declaredEncoding(in: head).hasPrefix("iso-2022")
      ? TextCursor.commonControls : TextCursor.blankControls
  }

  private static func declaredEncoding(in head: [UInt8]) -> String {
    guard head.prefix(8).firstIndex(of: 0x3C) != nil, let stop = head.firstIndex(of: 0x3E),
      head[..<stop].contains(0x3F),
      let key = head.firstIndex(of: Array("encoding".utf8)), key + 8 <= stop
    else { return "" }
    let rest = head[(key + 8)..<stop].drop { [0x20, 0x3D, 0x09].contains($0) }.dropFirst()
    let value = rest.prefix { $0 != 0x22 && $0 != 0x27 }
    return String(decoding: value, as: UTF8.self).lowercased()
  }
}
