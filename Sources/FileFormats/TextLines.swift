// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The lines of a text file, whichever way they end, up to where its text ends.
struct TextLines {
  /// Why the text ended.
  enum Stop {
    /// The bytes end.
    case bytesEnd
    /// Zeros fill the sector: the file ended.
    case slack
    /// Something that is no text, at this offset.
    case foreign(ByteOffset)
  }

  /// Of a longer line the rest is read but not kept.
  private let longest: Int
  private var cursor: TextCursor
  /// Where the line begins that was read last, where it ends, and where the next one begins.
  private(set) var start: ByteOffset
  private(set) var end: ByteOffset
  private(set) var next: ByteOffset
  /// How many characters the line had, kept or not.
  private(set) var count: UInt64 = 0
  /// Set once there are no more lines.
  private(set) var stop: Stop?

  init(
    _ file: Source, from start: ByteOffset = 0, as encoding: TextCursor.Encoding = .octets,
    allowing controls: UInt32 = TextCursor.commonControls, keeping longest: Int = 1024
  ) {
    self.longest = longest
    cursor = TextCursor(file, from: start, as: encoding, allowing: controls)
    self.start = start
    end = start
    next = start
  }

  /// Reads a line without its end; nil where the text has ended. What stands before that end may
  /// be half a line.
  mutating func line() throws -> [UInt8]? {
    guard stop == nil else { return nil }
    start = cursor.offset
    count = 0
    var line: [UInt8] = []
    while let character = try character() {
      if character == 0x0A || character == 0x0D {
        end = cursor.lastOffset
        if character == 0x0D {
          let before = cursor
          if try cursor.nextIfAny() != 0x0A { cursor = before }
        }
        next = cursor.offset
        return line
      }
      count &+= 1
      if line.count < longest { line.append(Self.byte(character)) }
    }
    end = cursor.offset
    next = end
    return count > 0 ? line : nil
  }

  /// Moves over bytes that need be no text.
  mutating func skipBytes(_ count: ByteCount) throws {
    stop = nil
    try cursor.skipBytes(count)
    next = cursor.offset
  }

  /// Where a file ends that ends with its text, and whether it is whole.
  func textEnd() throws -> (offset: ByteOffset, isWhole: Bool) {
    guard case .foreign(let offset) = stop else { return (cursor.offset, true) }
    return try TextEnd.reasoned(in: cursor.file, at: offset)
  }

  /// Notes that the line read last belongs to the structure.
  mutating func mark() { cursor.mark() }

  /// What a verdict must know of the text.
  var evidence: [Evidence] { cursor.evidence }

  private mutating func character() throws -> UInt32? {
    do {
      return try cursor.next()
    } catch is Truncated {
      stop = .bytesEnd
    } catch let error as Malformed {
      let isSlack =
        try error.offset.rawValue % 512 != 0
        && TextEnd.isSlack(in: cursor.file, from: error.offset)
      stop = isSlack ? .slack : .foreign(error.offset)
    }
    return nil
  }

  private static func byte(_ character: UInt32) -> UInt8 {
    character < 0x100 ? UInt8(truncatingIfNeeded: character) : 0x3F
  }
}
