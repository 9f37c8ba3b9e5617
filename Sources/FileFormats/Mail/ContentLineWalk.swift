// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over content lines: a name, parameters, a colon, a value, in groups between `BEGIN` and
/// `END`.
///
/// - Source: RFC 5545, §3.1; RFC 6350, §3.3.
struct ContentLineWalk {
  private static let deepest = 32
  private static let kept: Set<String> = [
    "FN", "N", "REV", "X-WR-CALNAME", "SUMMARY", "DTSTAMP", "DTSTART", "VERSION",
  ]
  private let file: Source
  private let kind: String
  private var lines: TextLines
  private var open: [String] = []
  private var values: [String: [UInt8]] = [:]
  /// How the lines go on that do not begin a property.
  private var isQuoted = false
  private var isBase64 = false
  private var isBareName = false
  /// How many groups of this kind there are.
  private(set) var count = 0

  init(_ file: Source, of kind: String) throws {
    self.file = file
    self.kind = kind
    let isMarked = try file.readPrefix(at: 0, count: 3) == [0xEF, 0xBB, 0xBF]
    lines = TextLines(file, from: isMarked ? 3 : 0, allowing: TextCursor.commonControls)
  }

  mutating func examination(_ id: String, _ name: String) throws -> Examination {
    var end: TextEnd
    repeat {
      try group()
      end = try TextEnd(in: file, after: lines.end)
    } while try !end.hasSlack && anotherFollows(end)
    return .whole(
      id, name, end: end.offset,
      and: end.evidence + lines.evidence + HiddenRoom.anywhere(upTo: end.offset)
        + (count > 1 ? [.endReasoned] : []))
  }

  /// The first value of a property.
  func value(of name: String) -> String? {
    values[name].flatMap { ContentText.text($0) }
  }

  /// Reads one group with all that is in it.
  private mutating func group() throws {
    repeat {
      guard let line = try lines.line() else { throw malformed("no text stands here") }
      try property(line)
    } while !open.isEmpty
    count += 1
  }

  private mutating func property(_ line: [UInt8]) throws {
    if isQuoted {
      isQuoted = line.last == 0x3D
      return
    }
    if line.isEmpty || line.first == 0x20 || line.first == 0x09 {
      isBase64 = isBase64 && !line.isEmpty
      isBareName = false
      guard !open.isEmpty || count > 0 else { throw malformed("nothing begins here") }
      return
    }
    guard !isBareName else { throw malformed("a property has no value") }
    guard let colon = line.firstIndex(of: 0x3A) else {
      // Old cards put base 64 at the start of lines, up to an empty one.
      var base64 = Base64()
      if isBase64, base64.read(line) { return }
      // Some fold a line before its colon.
      isBareName = !open.isEmpty && line.prefix { $0 != 0x3B }.allSatisfy(Self.isNameByte)
      if isBareName { return }
      throw malformed("no property stands here")
    }
    let head = line[..<colon]
    let name = head.prefix { $0 != 0x3B }
    guard !name.isEmpty, name.allSatisfy(Self.isNameByte) else {
      throw malformed("no property stands here")
    }
    let parameters = String(decoding: head.dropFirst(name.count), as: UTF8.self).uppercased()
    isQuoted = parameters.contains("QUOTED-PRINTABLE") && line.last == 0x3D
    isBase64 = parameters.contains("BASE64")
    lines.mark()
    let key = String(decoding: name, as: UTF8.self).uppercased()
    try take(key, Array(line[(colon + 1)...]))
  }

  private mutating func take(_ key: String, _ value: [UInt8]) throws {
    let word = String(decoding: value.prefix(40), as: UTF8.self).uppercased().filter { $0 != " " }
    switch key {
    case "BEGIN":
      guard open.count < Self.deepest, !open.isEmpty || word == kind else {
        throw malformed("a group of another kind begins")
      }
      open.append(word)
    case "END":
      guard open.popLast() == word else { throw malformed("a group ends that is not open") }
    default:
      guard !open.isEmpty else { throw malformed("nothing begins here") }
      if Self.kept.contains(key), values[key] == nil { values[key] = value }
    }
  }

  /// Whether another group begins, not as a file of its own would: with its sector.
  private func anotherFollows(_ end: TextEnd) throws -> Bool {
    var ahead = lines
    while let line = try ahead.line() {
      if line.isEmpty { continue }
      return String(decoding: line.prefix(40), as: UTF8.self).uppercased().hasPrefix(
        "BEGIN:\(kind)")
        && (count > 1 || ahead.start.rawValue % 512 != 0)
    }
    return false
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x2D
      || byte == 0x2E || byte == 0x5F
  }

  /// What a line that fits nowhere means: the last one may be cut short.
  private func malformed(_ problem: String) -> any Error {
    if case .bytesEnd = lines.stop { return Truncated() }
    return Malformed("card", problem, at: lines.start)
  }
}
