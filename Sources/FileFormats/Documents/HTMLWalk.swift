// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over an HTML page, from mark to mark, as browsers split it.
struct HTMLWalk {
  /// How far behind `</html>` the page may go on.
  private static let longestTail: ByteCount = 0x10_0000
  private static let rawText: Set<String> = [
    "script", "style", "title", "textarea", "xmp", "noembed", "iframe", "noframes",
  ]
  private let file: Source
  private let encoding: TextCursor.Encoding
  private var cursor: TextCursor
  private var tags = HTMLTags()
  /// False inside of a tag, a comment or a script: no page ends there.
  private var isBetween = true
  private var title: String?
  /// Behind the first `</html>` that more text follows.
  private var reasoned: TextEnd?

  init(_ file: Source) throws {
    self.file = file
    let mark = try file.readPrefix(at: 0, count: 2)
    encoding =
      mark == [0xFF, 0xFE]
      ? .utf16(isBig: false) : mark == [0xFE, 0xFF] ? .utf16(isBig: true) : .octets
    var start: ByteOffset = 0
    if case .utf16 = encoding { start = 2 }
    cursor = TextCursor(file, from: start, as: encoding, allowing: TextCursor.commonControls)
  }

  mutating func examination() throws -> Examination {
    do {
      while true {
        isBetween = true
        let end = try step()
        if !isBetween { cursor.mark() }
        if let end { return complete(end.offset, isCertain: end.isCertain) }
        if let reasoned, cursor.offset > reasoned.offset.advancedClamped(by: Self.longestTail) {
          return complete(reasoned.offset, isCertain: false)
        }
      }
    } catch is Truncated {
      return stopped(at: ByteOffset(file.length), problem: nil)
    } catch let error as Malformed {
      let end = try TextEnd.reasoned(in: file, at: error.offset)
      // A page that says where it begins fills no sector to its end without saying where it ends.
      let isWhole = end.isWhole && (!isBorder(end.offset) || !tags.sawRoot)
      return stopped(at: end.offset, problem: isWhole ? nil : error.problem)
    }
  }

  /// Reads up to the end of the next mark; the page's end, if it is one.
  private mutating func step() throws -> TextEnd? {
    guard try cursor.next() == 0x3C else { return nil }
    isBetween = false
    cursor.mark()
    let start = cursor.lastOffset
    switch try cursor.next() {
    case 0x2F: return try endTag()
    case 0x21: try declaration(at: start)
    case 0x3F: try instruction()
    case let letter where Self.isLetter(letter): try startTag(letter, at: start)
    default: cursor.back()
    }
    return nil
  }

  private mutating func startTag(_ first: UInt32, at start: ByteOffset) throws {
    let name = try name(first)
    let isClosed = try attributes()
    if name == "html" {
      guard !tags.sawRoot || !isBorder(start) else { throw another(at: start) }
    }
    tags.open(name, isClosed: isClosed)
    if !isClosed, Self.rawText.contains(name) {
      let text = try raw(upTo: name)
      if name == "title", title == nil { title = title(of: text) }
      tags.close(name)
    }
  }

  private mutating func endTag() throws -> TextEnd? {
    let first = try cursor.next()
    guard Self.isLetter(first) else {
      if first != 0x3E { try skip(to: 0x3E) }
      return nil
    }
    let name = try name(first)
    _ = try attributes()
    tags.close(name)
    guard name == "html" else { return nil }
    let end = try TextEnd(in: file, after: cursor.offset, as: encoding)
    if end.isCertain { return end }
    if reasoned == nil { reasoned = end }
    return nil
  }

  private mutating func declaration(at start: ByteOffset) throws {
    if try cursor.skip("--") {
      if try cursor.next() == 0x3E { return }
      cursor.back()
      return try skip(past: 0x2D, times: 2)
    }
    if try cursor.skip("[CDATA[") { return try skip(past: 0x5D, times: 2) }
    let word = try name(cursor.next())
    if word == "doctype", start > 3, isBorder(start) { throw another(at: start) }
    cursor.back()
    try skip(to: 0x3E)
  }

  /// `<?xml … ?>`, `<?php … ?>`.
  private mutating func instruction() throws {
    let name = try name(cursor.next())
    cursor.back()
    if name == "php" { return try skip(past: 0x3F, times: 1) }
    try skip(to: 0x3E)
  }

  /// A name in lower case; the character behind it is next.
  private mutating func name(_ first: UInt32) throws -> String {
    var name = ""
    var character = first
    while !TextCursor.isBlank(character), character != 0x3E, character != 0x2F,
      character != 0x3C
    {
      let isUpper = (0x41...0x5A).contains(character)
      if name.utf8.count < 40, let scalar = Unicode.Scalar(isUpper ? character | 0x20 : character) {
        name.unicodeScalars.append(scalar)
      }
      character = try cursor.next()
    }
    cursor.back()
    return name
  }

  /// Reads a tag to its end; whether it closes itself.
  private mutating func attributes() throws -> Bool {
    var previous: UInt32 = 0x20
    while true {
      let character = try cursor.next()
      if character == 0x3E { return previous == 0x2F }
      if previous == 0x3D, character == 0x22 || character == 0x27 {
        try skip(to: character)
        previous = 0x20
      } else if !TextCursor.isBlank(character) {
        previous = character
      }
    }
  }

  /// Reads text that holds no marks but its own end: at most its first 400 bytes.
  private mutating func raw(upTo name: String) throws -> [UInt32] {
    let word = name.utf8.map { UInt32($0) }
    var text: [UInt32] = []
    while true {
      var character = try cursor.next()
      guard character == 0x3C else {
        if text.count < 400 { text.append(character) }
        continue
      }
      guard try cursor.next() == 0x2F else {
        cursor.back()
        continue
      }
      var count = 0
      character = try cursor.next()
      while count < word.count, character | 0x20 == word[count] {
        count += 1
        character = try cursor.next()
      }
      cursor.back()
      if count == word.count, !Self.isLetter(character) {
        _ = try attributes()
        return text
      }
    }
  }

  private mutating func skip(to mark: UInt32) throws {
    while try cursor.next() != mark {}
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

  private static func isLetter(_ character: UInt32) -> Bool {
    (0x61...0x7A).contains(character | 0x20)
  }

  private func title(of text: [UInt32]) -> String? {
    let words =
      if case .utf16 = encoding { ContentText.trimmed(XMLFacts.string(text)) } else {
        ContentText.text(text.map { UInt8(truncatingIfNeeded: $0) })
      }
    return words.flatMap { ContentText.trimmed(TextEntities.resolved($0)) }
  }

  private func isBorder(_ offset: ByteOffset) -> Bool { offset.rawValue % 512 == 0 }

  private func another(at offset: ByteOffset) -> Malformed {
    Malformed("HTML", "another page begins", at: offset)
  }

  /// The text stops at `offset`: at slack, if there is no problem.
  private func stopped(at offset: ByteOffset, problem: String?) -> Examination {
    if let problem {
      if let reasoned { return complete(reasoned.offset, isCertain: false) }
      return .broken(at: offset, problem: problem, evidence: evidence)
    }
    // A page need not say where it ends, unless it said where it begins.
    let isWhole = reasoned != nil || !tags.sawRoot || offset < file.range.upperBound
    guard isBetween, isWhole, tags.count >= 3 else {
      return reasoned.map { complete($0.offset, isCertain: false) }
        ?? .truncated(at: offset, evidence: evidence)
    }
    return complete(offset, isCertain: false)
  }

  private func complete(_ end: ByteOffset, isCertain: Bool) -> Examination {
    var result = Examination.whole(
      "html", "HTML", end: end,
      and: isCertain && tags.isBalanced
        ? cursor.evidence + HiddenRoom.anywhere(upTo: end) : [.endReasoned])
    result.name = title
    return result
  }

  private var evidence: [Evidence] { tags.count >= 3 ? [.headerMatched("html")] : [] }
}
