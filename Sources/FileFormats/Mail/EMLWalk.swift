// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over a message: its header, then its parts, one in the other.
struct EMLWalk {
  private static let deepest = 32
  private let file: Source
  private var lines: TextLines
  /// The outermost header.
  private(set) var header = MailHeader()
  /// The marks between parts, the outermost first.
  private var boundaries: [[UInt8]] = []
  /// Whether the part that is being read is in base 64, and no other text stood in it.
  private var isBase64 = false
  private var base64 = Base64()
  private var isClean = true

  init(_ file: Source) {
    self.file = file
    // Much is sent that no standard allows, but never a NUL.
    lines = TextLines(file, allowing: ~1)
  }

  mutating func examination() throws -> Examination {
    header = try readHeader()
    guard header.isMessage else {
      throw Malformed("mail", "this header is no message's", at: lines.start)
    }
    try enter(header)
    let isMultiple = !boundaries.isEmpty
    var isBehindBlank = true
    while let line = try lines.line() {
      if isMultiple, try mark(line) {
        if boundaries.isEmpty { return try end() }
        isBehindBlank = false
        continue
      }
      if isBehindBlank, Postmark.isOne(line) { return try complete(at: lines.start) }
      isBehindBlank = line.isEmpty
      if isBase64 { check(line) }
    }
    let stop = try lines.textEnd()
    guard stop.isWhole else {
      throw Malformed("mail", "no text stands here", at: stop.offset)
    }
    // A message of parts that are not closed was cut, or its writer did not care.
    if isMultiple, case .bytesEnd = lines.stop { throw Truncated() }
    if isMultiple, case .foreign(let offset) = lines.stop {
      throw Malformed("mail", "no text stands here", at: offset)
    }
    return try complete(at: stop.offset)
  }

  /// Reads a header up to its empty line.
  private mutating func readHeader() throws -> MailHeader {
    var header = MailHeader()
    while let line = try lines.line() {
      lines.mark()
      if line.isEmpty { return header }
      // The last line may be cut short.
      guard header.read(line) || lines.stop != nil && header.lines > 1 else {
        if boundaries.isEmpty {
          self.header = header
          throw Malformed("mail", "no header field stands here", at: lines.start)
        }
        return header
      }
    }
    self.header = boundaries.isEmpty ? header : self.header
    if case .foreign(let offset) = lines.stop {
      throw Malformed("mail", "no text stands here", at: offset)
    }
    // A header without a body is a message as well.
    guard boundaries.isEmpty, case .slack = lines.stop else { throw Truncated() }
    return header
  }

  /// Begins a part with this header: one of several, or a message with a header of its own.
  private mutating func enter(_ outer: MailHeader) throws {
    var header = outer
    for _ in 0..<Self.deepest {
      isBase64 = header.isBase64
      base64 = Base64()
      if let boundary = header.boundary, boundaries.count < Self.deepest {
        boundaries.append(boundary)
        isBase64 = false
        return
      }
      guard header.type == "message/rfc822" else { return }
      header = try readHeader()
    }
  }

  /// Takes up a line that may be a mark between parts, or behind the last one; false for another.
  private mutating func mark(_ line: [UInt8]) throws -> Bool {
    guard line.starts(with: [0x2D, 0x2D]),
      let level = boundaries.lastIndex(where: { line.holds($0, at: 2) && Self.ends(line, $0) })
    else { return false }
    let isLast = line.holds([0x2D, 0x2D], at: boundaries[level].count + 2)
    boundaries.removeSubrange((level + 1)...)
    lines.mark()
    isBase64 = false
    if isLast { boundaries.removeLast() } else { try enter(readHeader()) }
    return true
  }

  /// Whether nothing but dashes and blanks follows the mark in its line.
  private static func ends(_ line: [UInt8], _ boundary: [UInt8]) -> Bool {
    line.dropFirst(boundary.count + 2).allSatisfy { $0 == 0x2D || $0 == 0x20 || $0 == 0x09 }
  }

  /// Behind the outermost last mark: lists put a few lines there.
  private mutating func end() throws -> Examination {
    let end = try TextEnd(in: file, after: lines.end)
    if end.isCertain { return whole(end.offset, end.evidence) }
    var isBehindBlank = true
    let limit = lines.end.advancedClamped(by: 0x4000)
    while let line = try lines.line(), lines.end < limit {
      if isBehindBlank, Postmark.isOne(line) { return whole(lines.start, [.endReasoned]) }
      isBehindBlank = line.isEmpty
    }
    guard case .slack = lines.stop else { return whole(end.offset, [.endReasoned]) }
    return whole(try lines.textEnd().offset, [.endReasoned])
  }

  private mutating func check(_ line: [UInt8]) {
    guard lines.stop == nil else { return }
    if !base64.read(line) || lines.count > UInt64(line.count) {
      isClean = false
    } else {
      lines.mark()
    }
  }

  /// A message whose end nothing marks.
  private func complete(at end: ByteOffset) throws -> Examination {
    whole(end, [.endReasoned])
  }

  private func whole(_ end: ByteOffset, _ evidence: [Evidence]) -> Examination {
    var result = Examination.whole(
      "eml", "mail", end: end,
      and: isClean
        ? evidence + lines.evidence + HiddenRoom.anywhere(upTo: end) : [.payloadUnchecked])
    result.name = header.subject
    result.date = header.date
    if header.isPage { result.type = "mht" }
    return result
  }
}
