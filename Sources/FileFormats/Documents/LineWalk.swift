// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over a text whose lines keep to a grammar, to its last line or to where its text ends.
struct LineWalk<Grammar: LineGrammar> {
  /// Fewer lines are no proof of anything.
  private static var fewest: UInt64 { 4 }
  private let file: Source
  private let format: (id: String, name: String)
  private let encoding: TextCursor.Encoding
  private var lines: TextLines
  private var grammar = Grammar()
  private var count: UInt64 = 0

  init(_ file: Source, _ id: String, _ name: String) throws {
    self.file = file
    format = (id, name)
    let head = try file.readPrefix(at: 0, count: 3)
    let start: ByteOffset
    switch head {
    case [0xEF, 0xBB, 0xBF]: (encoding, start) = (.octets, 3)
    case _ where head.starts(with: [0xFF, 0xFE]): (encoding, start) = (.utf16(isBig: false), 2)
    case _ where head.starts(with: [0xFE, 0xFF]): (encoding, start) = (.utf16(isBig: true), 2)
    default: (encoding, start) = (.octets, 0)
    }
    lines = TextLines(file, from: start, as: encoding)
  }

  /// Examines a file.
  static func examine(_ file: Source, _ id: String, _ name: String) throws -> Examination {
    var walk = try Self(file, id, name)
    var result = try Examination.walk(id, file) { try walk.examination() }
    if result.end != .complete, walk.count < Self.fewest { result.evidence = [] }
    return result
  }

  private mutating func examination() throws -> Examination {
    while let line = try lines.line() {
      switch grammar.read(line) {
      case .goesOn: count &+= 1
      case .ends:
        let end = try TextEnd(in: file, after: lines.end, as: encoding)
        return whole(end.offset, end.evidence + [.payloadUnchecked])
      case .isForeign:
        if case .bytesEnd = lines.stop { throw Truncated() }
        // Another text may begin with the sector in which this one has none.
        guard lines.start.rawValue % 512 == 0, count >= Self.fewest, grammar.mayEnd else {
          throw Malformed(format.name, "this line belongs to another text", at: lines.start)
        }
        return whole(lines.start, [.endReasoned])
      }
    }
    let stop = try lines.textEnd()
    if case .bytesEnd = lines.stop, !grammar.mayEnd { throw Truncated() }
    guard stop.isWhole, grammar.mayEnd else {
      throw Malformed(format.name, "the text does not end", at: stop.offset)
    }
    return whole(stop.offset, [.endReasoned])
  }

  private func whole(_ end: ByteOffset, _ evidence: [Evidence]) -> Examination {
    var result = Examination.whole(format.id, format.name, end: end, and: evidence)
    result.type = grammar.type
    result.name = grammar.name
    return result
  }
}
