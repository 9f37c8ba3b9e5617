// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over a PostScript document, line by line: over data of a stated length, and over the
/// documents that are placed in it.
struct PostScriptWalk {
  /// Where data of a stated length may be skipped.
  private static let longestData: UInt64 = 0x1000_0000
  /// How far behind an end mark that may be a placed document's the text may go on.
  private static let longestTail: ByteCount = 0x100_0000
  private let file: Source
  private var lines: TextLines
  private var facts = PostScriptFacts()
  /// How many placed documents are open.
  private var depth = 0
  /// Lines of data that are yet to be skipped.
  private var dataLines: UInt64 = 0
  private var candidate: ByteOffset?

  init(_ file: Source) {
    self.file = file
    // A printer's end of a job, and what spoolers put before one.
    lines = TextLines(
      file, allowing: TextCursor.commonControls | 1 << 0x04 | 1 << 0x1A, keeping: 256)
  }

  mutating func examination() throws -> Examination {
    while let line = try lines.line() {
      if dataLines > 0 {
        dataLines -= 1
        continue
      }
      guard line.first == 0x25 || line.first == 0x04 else { continue }
      if lines.start > 0, lines.start.rawValue % 512 == 0, line.starts(with: Array("%!PS-".utf8)),
        let candidate
      {
        return whole(candidate, [.endReasoned])
      }
      facts.read(line)
      if let end = try comment(line) { return end }
      if let candidate, lines.end > candidate.advancedClamped(by: Self.longestTail) { break }
    }
    if case .foreign = lines.stop, let candidate { return whole(candidate, [.endReasoned]) }
    let end = try lines.textEnd()
    guard end.isWhole else {
      throw Malformed("PostScript", "no text stands here", at: end.offset)
    }
    return whole(end.offset, [.endReasoned])
  }

  /// Takes up a comment; the file's end, if it is that.
  private mutating func comment(_ line: [UInt8]) throws -> Examination? {
    guard line.starts(with: [0x25, 0x25]) else { return nil }
    let text = String(decoding: line.dropFirst(2), as: UTF8.self)
    if text.hasPrefix("BeginDocument") {
      depth += 1
    } else if text.hasPrefix("EndDocument") {
      depth = max(0, depth - 1)
    } else if text.hasPrefix("BeginBinary:") || text.hasPrefix("BeginData:") {
      try data(text)
    } else if depth == 0, text.hasPrefix("EOF") {
      return try mark()
    }
    return nil
  }

  /// An end mark: the last one, where slack follows.
  private mutating func mark() throws -> Examination? {
    var end = try TextEnd(in: file, after: lines.end)
    if !end.isCertain {
      // Printer drivers end the job behind it.
      let behind = try file.readPrefix(at: lines.next, count: 1)
      if behind == [0x04] {
        end = try TextEnd(in: file, after: lines.next.advancedClamped(by: 1))
      }
    }
    if end.isCertain { return whole(end.offset, [.payloadUnchecked]) }
    candidate = end.offset
    return nil
  }

  /// `BeginData: count [type [unit]]`, `BeginBinary: count`.
  private mutating func data(_ text: String) throws {
    let words = text.split(separator: " ").dropFirst()
    guard let count = words.first.flatMap({ UInt64($0) }), count <= Self.longestData else { return }
    if words.last == "Lines" {
      dataLines = count
    } else if lines.stop == nil {
      try skip(count)
    }
  }

  /// Moves over data, if its end stands where the number says, or nearly there.
  private mutating func skip(_ count: UInt64) throws {
    let end = lines.next.advancedClamped(by: ByteCount(count))
    let from = end.moved(back: 256, notBefore: lines.next)
    let around = try file.readPrefix(at: from, count: 1024)
    if end > file.range.upperBound { throw Truncated() }
    guard let place = around.firstIndex(of: Array("%%End".utf8)) else { return }
    let stop = from.advancedClamped(by: ByteCount(clamping: place))
    try lines.skipBytes((lines.next..<max(stop, lines.next)).length)
  }

  private func whole(_ end: ByteOffset, _ evidence: [Evidence]) -> Examination {
    var result = Examination.whole("ps", "PostScript", end: end, and: evidence)
    result.type = facts.type
    result.name = facts.title
    result.date = facts.date
    return result
  }
}
