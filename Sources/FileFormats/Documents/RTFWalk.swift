// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over a rich text document, from brace to brace.
struct RTFWalk {
  private static let deepest = 10_000
  private static let dataWords: Set<String> = [
    "pict", "objdata", "themedata", "colorschememapping", "datastore", "fontemb",
  ]
  private let file: Source
  private var cursor: TextCursor
  /// The groups that are open: whether each holds hexadecimal data only.
  private var groups: [Bool] = []
  private var facts = RTFFacts()
  /// False once something else than digits stood in the data of a picture.
  private var isDataClean = true
  /// The binary data that was moved over last.
  private var binary: Range<ByteOffset>?

  init(_ file: Source) {
    self.file = file
    cursor = TextCursor(file, as: .octets, allowing: TextCursor.commonControls)
  }

  mutating func examination() throws -> Examination {
    do {
      try readGroups()
    } catch let error as Malformed {
      // Where nothing sensible follows binary data, its length was wrong.
      guard let binary, error.offset <= binary.upperBound.advancedClamped(by: 1024) else {
        throw error
      }
      throw Malformed("RTF", "binary data has no end", at: binary.lowerBound)
    }
    return try complete()
  }

  private mutating func readGroups() throws {
    repeat {
      let character = try cursor.next()
      if character == 0x7B || character == 0x7D || character == 0x5C { cursor.mark() }
      switch character {
      case 0x7B:
        guard groups.count < Self.deepest else { throw cursor.foreign("too many groups are open") }
        groups.append(groups.last ?? false)
      case 0x7D:
        guard !groups.isEmpty else { throw cursor.foreign("a group ends that never began") }
        facts.end(depth: groups.count)
        groups.removeLast()
      case 0x5C: try control()
      default: text(character)
      }
    } while !groups.isEmpty
  }

  private mutating func text(_ character: UInt32) {
    if groups.last == true, !TextCursor.isBlank(character), HexDigit.value(character) == nil {
      isDataClean = false
    }
    facts.text(character)
  }

  /// What follows a backslash: a word with a number, or a sign.
  private mutating func control() throws {
    let first = try cursor.next()
    guard Self.isLetter(first) else { return try sign(first) }
    var word = ""
    var character = first
    while Self.isLetter(character), word.utf8.count <= 40 {
      word.unicodeScalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: character)))
      character = try cursor.next()
    }
    guard word.utf8.count <= 40 else { throw cursor.foreign("a control word does not end") }
    let number = try number(&character)
    if character != 0x20 { cursor.back() }
    if groups.count == 1, facts.words == 0, !word.hasPrefix("rtf"), !word.hasPrefix("urtf") {
      throw cursor.foreign("no RTF begins so")
    }
    if word == "bin", let number, number > 0 {
      let start = cursor.offset
      try cursor.skipBytes(ByteCount(UInt64(clamping: number)))
      binary = start..<max(start, cursor.offset)
      return
    }
    if Self.dataWords.contains(word), !groups.isEmpty { groups[groups.count - 1] = true }
    // A picture's group may hold others, with names and tags.
    if word == "picprop" || word == "blipuid" || word == "sp" || word == "sn" || word == "sv",
      !groups.isEmpty
    {
      groups[groups.count - 1] = false
    }
    facts.word(word, number, depth: groups.count)
  }

  private mutating func number(_ character: inout UInt32) throws -> Int? {
    let isNegative = character == 0x2D
    if isNegative { character = try cursor.next() }
    guard (0x30...0x39).contains(character) else { return nil }
    var value = 0
    var digits = 0
    while (0x30...0x39).contains(character) {
      digits += 1
      guard digits <= 11 else { throw cursor.foreign("a number does not end") }
      value = value * 10 + Int(character & 0xF)
      character = try cursor.next()
    }
    return isNegative ? -value : value
  }

  private mutating func sign(_ sign: UInt32) throws {
    guard sign == 0x27 else {
      if sign == 0x5C || sign == 0x7B || sign == 0x7D { facts.text(sign) }
      return
    }
    var value: UInt32 = 0
    for _ in 0..<2 {
      let character = try cursor.next()
      guard let digit = HexDigit.value(character) else { return cursor.back() }
      value = value << 4 | digit
    }
    facts.text(value)
  }

  private static func isLetter(_ character: UInt32) -> Bool {
    (0x61...0x7A).contains(character | 0x20)
  }

  private func complete() throws -> Examination {
    let last = try TextEnd(in: file, after: cursor.offset)
    var end = last.offset
    var evidence = last.evidence + cursor.evidence
    if !isDataClean { evidence = [.endReasoned] }
    // The text control of Windows writes the NUL behind its text as well.
    if facts.isByTextControl, try file.readPrefix(at: end, count: 1) == [0] {
      end = end.advancedClamped(by: 1)
      evidence = [.endReasoned]
    }
    var result = Examination.whole(
      "rtf", "RTF", end: end, and: evidence + HiddenRoom.anywhere(upTo: end))
    result.name = facts.title
    result.date = facts.date
    return result
  }
}
