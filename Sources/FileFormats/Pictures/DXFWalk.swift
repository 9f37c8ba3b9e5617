// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over the pairs of lines of a DXF drawing.
struct DXFWalk {
  private static let longestLine = 4096
  private static let span = 0x4_0000
  private let file: Source
  private var bytes: [UInt8] = []
  /// Where `bytes` start in the file, and how far into them the walk is.
  private var start: ByteOffset = 0
  private var index = 0
  private var sections = 0

  init(_ file: Source) { self.file = file }

  private var position: ByteOffset { start.advancedClamped(by: ByteCount(clamping: index)) }

  mutating func examination() throws -> Examination {
    do {
      let end = try lastLine()
      let text = try TextEnd(in: file, after: end)
      return .whole("dxf", "DXF", end: text.offset, and: text.evidence)
    } catch is Truncated {
      return .truncated(at: ByteOffset(file.length), evidence: evidence)
    } catch let error as Malformed {
      return .broken(at: error.offset, problem: error.problem, evidence: evidence)
    }
  }

  /// A word at the start alone is no drawing.
  private var evidence: [Evidence] { sections > 0 ? [.headerMatched("dxf")] : [] }

  /// Where the value of the last pair ends, without its line end.
  private mutating func lastLine() throws -> ByteOffset {
    var isInside = false
    while true {
      let place = position
      let code = try Self.trimmed(line())
      guard let number = Self.number(code) else {
        throw Malformed("DXF", "a line that is no group code", at: place)
      }
      let lead = position
      let value = try line()
      if number == 999 { continue }
      if number == 0 {
        let word = Self.trimmed(value)
        if word == Array("EOF".utf8), sections > 0, !isInside {
          // The word, but for the blanks behind it.
          let before = value.prefix { $0 == 0x20 || $0 == 0x09 }.count
          return lead.advancedClamped(by: ByteCount(clamping: before + 3))
        }
        if word == Array("SECTION".utf8) {
          isInside = true
          sections += 1
        }
        if word == Array("ENDSEC".utf8) { isInside = false }
      }
      guard sections > 0, Self.isText(value) else {
        throw Malformed("DXF", "a value that is no text", at: lead)
      }
    }
  }

  /// The next line, without its line feed; throws `Truncated` where the last one is cut.
  private mutating func line() throws -> ArraySlice<UInt8> {
    if index + Self.longestLine > bytes.count { try refill() }
    let from = index
    while index < bytes.count {
      if bytes[index] == 0x0A {
        index += 1
        return bytes[from..<(index - 1)]
      }
      guard index - from < Self.longestLine else {
        throw Malformed("DXF", "a line that does not end", at: position)
      }
      // The last word needs no line end, but a cut one is not it.
      if bytes[index] == 0, bytes[from..<index].elementsEqual("EOF".utf8) {
        return bytes[from..<index]
      }
      index += 1
    }
    if bytes[from..<index].elementsEqual("EOF".utf8) { return bytes[from..<index] }
    throw Truncated()
  }

  private mutating func refill() throws {
    start = position
    bytes = try file.readPrefix(at: start, count: ByteCount(clamping: Self.span))
    index = 0
  }

  /// Without blanks around it, and without the carriage return.
  static func trimmed(_ line: ArraySlice<UInt8>) -> [UInt8] {
    let front = line.drop { $0 == 0x20 || $0 == 0x09 }
    return Array(front.prefix(front.count - front.reversed().prefix { $0 <= 0x20 }.count))
  }

  /// A group code: up to 1071.
  private static func number(_ code: [UInt8]) -> Int? {
    let digits = code.first == 0x2D ? code.dropFirst() : code[...]
    guard (1...4).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    let value = digits.reduce(0) { 10 * $0 + Int($1 - 0x30) }
    guard digits.count < code.count ? value <= 5 : value <= 1071 else { return nil }
    return digits.count < code.count ? -value : value
  }

  private static func isText(_ line: ArraySlice<UInt8>) -> Bool {
    line.allSatisfy { $0 >= 0x20 || $0 == 0x09 || $0 == 0x0D }
  }
}
