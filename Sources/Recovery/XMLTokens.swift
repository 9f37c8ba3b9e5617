// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The tags and texts of an XML document, one after the other. No declaration of a document type is
/// followed, so that an entity is one of the five that XML itself has, or a character's number.
///
/// - Source: W3C, *Extensible Markup Language (XML) 1.0 (Fifth Edition)*, §2.4 to §3.1, §4.1.
struct XMLTokens {
  enum Token: Equatable {
    /// A start tag; an empty element's end tag follows it. Names lose their prefix.
    case start(String, attributes: [String: [UInt8]])
    case end(String)
    case text([UInt8])
  }

  private var rest: ArraySlice<UInt8>
  private var pendingEnd: String?

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  /// The next token; nil at the end. Throws `Malformed` with the offset of a tag that has no end.
  mutating func next() throws(Malformed) -> Token? {
    if let name = pendingEnd {
      pendingEnd = nil
      return .end(name)
    }
    while let first = rest.first {
      if first != 0x3C {
        let text = rest.prefix { $0 != 0x3C }
        rest = rest.dropFirst(text.count)
        return .text(Self.decoded(text))
      }
      if rest.starts(with: Array("<!--".utf8)) {
        _ = try take(to: "-->")
      } else if rest.starts(with: Array("<![CDATA[".utf8)) {
        return .text(Array(try take(to: "]]>").dropFirst(9)))
      } else if rest.starts(with: Array("<?".utf8)) {
        _ = try take(to: "?>")
      } else if rest.starts(with: Array("<!".utf8)) {
        _ = try take(to: ">")
      } else {
        return try tag()
      }
    }
    return nil
  }

  /// What stands before `end`; both are taken away.
  private mutating func take(to end: String) throws(Malformed) -> ArraySlice<UInt8> {
    let mark = Array(end.utf8)
    let start = rest.startIndex
    var position = start
    while let found = rest[position...].firstIndex(of: mark[0]) {
      if rest[found...].starts(with: mark) {
        defer { rest = rest[(found + mark.count)...] }
        return rest[start..<found]
      }
      position = found + 1
    }
    throw Malformed("XML", "a tag has no end", at: ByteOffset(ByteCount(clamping: start)))
  }

  private mutating func tag() throws(Malformed) -> Token {
    let start = rest.startIndex
    var position = start + 1
    var quote: UInt8?
    while position < rest.endIndex {
      let byte = rest[position]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == 0x22 || byte == 0x27 {
        quote = byte
      } else if byte == 0x3E {
        break
      }
      position += 1
    }
    guard position < rest.endIndex else {
      throw Malformed("XML", "a tag has no end", at: ByteOffset(ByteCount(clamping: start)))
    }
    var inner = rest[(start + 1)..<position]
    rest = rest[(position + 1)...]
    if inner.first == 0x2F { return .end(Self.name(inner.dropFirst())) }
    let isEmpty = inner.last == 0x2F
    if isEmpty { inner = inner.dropLast() }
    let name = Self.name(inner)
    if isEmpty { pendingEnd = name }
    return .start(name, attributes: Self.attributes(inner.drop { !Self.isBlank($0) }))
  }

  static func isBlank(_ byte: UInt8) -> Bool { [0x09, 0x0A, 0x0D, 0x20].contains(byte) }

  /// A tag's name without the prefix of its name space.
  private static func name(_ tag: ArraySlice<UInt8>) -> String {
    let whole = tag.prefix { !isBlank($0) }
    let local = whole.lastIndex(of: 0x3A).map { whole[($0 + 1)...] } ?? whole
    return String(decoding: local, as: UTF8.self)
  }

  private static func attributes(_ text: ArraySlice<UInt8>) -> [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    var rest = text.drop(while: isBlank)
    while !rest.isEmpty {
      let key = rest.prefix { $0 != 0x3D && !isBlank($0) }
      rest = rest.dropFirst(key.count).drop(while: isBlank)
      guard rest.popFirst() == 0x3D else { break }
      rest = rest.drop(while: isBlank)
      guard let quote = rest.popFirst(), quote == 0x22 || quote == 0x27 else { break }
      let value = rest.prefix { $0 != quote }
      rest = rest.dropFirst(value.count + 1).drop(while: isBlank)
      result[name(key)] = decoded(value)
    }
    return result
  }

  private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    guard text.contains(0x26) else { return Array(text) }
    var result: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      let word = rest.prefix(10).prefix { $0 != 0x3B }
      guard byte == 0x26, rest.dropFirst(word.count).first == 0x3B,
        let character = entity(String(decoding: word, as: UTF8.self))
      else {
        result.append(byte)
        continue
      }
      result += Array(String(character).utf8)
      rest = rest.dropFirst(word.count + 1)
    }
    return result
  }

  private static func entity(_ word: String) -> Unicode.Scalar? {
    switch word {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard word.first == "#" else { return nil }
      let number = word.dropFirst()
      let value = number.first == "x" ? UInt32(number.dropFirst(), radix: 16) : UInt32(number)
      return value.flatMap(Unicode.Scalar.init)
    }
  }
}
