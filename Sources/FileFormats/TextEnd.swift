// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Where a text file ends: behind its last structure, and the blanks that follow if they are its own.
///
/// Most writers end a file with a line end, and nothing in the text says so. Behind a file's last
/// byte its sector is filled with zeros, as a rule: they settle it.
struct TextEnd {
  let offset: ByteOffset
  /// False where what follows is no slack, so that the blanks may be anybody's.
  let isCertain: Bool
  /// Whether slack was seen behind it, so that nothing more can follow.
  let hasSlack: Bool

  private static let mostBlanks = 4096
  private static let sector: UInt64 = 512

  /// - Parameters:
  ///   - file: starts with a sector, as files do.
  ///   - end: behind the last byte that the structure needs.
  init(
    in file: Source, after end: ByteOffset, as encoding: TextCursor.Encoding = .octets
  ) throws {
    var cursor = TextCursor(file, from: end, as: encoding, fetching: 64)
    var stop = end
    var line: ByteOffset?
    var count = 0
    while count < Self.mostBlanks, let blank = try cursor.nextIfAny(), TextCursor.isBlank(blank) {
      // The first line end: one character, or two.
      if line == nil, blank == 0x0A { line = cursor.offset }
      if line == nil, blank == 0x0D {
        let behind = cursor.offset
        let isPair = try cursor.nextIfAny() == 0x0A
        line = isPair ? cursor.offset : behind
        if !isPair { cursor = TextCursor(file, from: behind, as: encoding, fetching: 64) }
      }
      stop = cursor.offset
      count += 1
    }
    if try Self.isSlack(in: file, from: stop) {
      offset = stop
      isCertain = true
      hasSlack = stop.rawValue % Self.sector != 0 || stop >= file.range.upperBound
    } else if try Self.endsWithControlZ(in: file, at: stop) {
      offset = stop.advancedClamped(by: 1)
      isCertain = true
      hasSlack = true
    } else if let border = Self.border(from: end), border <= stop {
      // No slack at all: the file ends with its sector, and what follows is another's.
      offset = border
      isCertain = true
      hasSlack = false
    } else {
      offset = line ?? end
      isCertain = false
      hasSlack = false
    }
  }

  /// What a verdict must know of it.
  var evidence: [Evidence] { isCertain ? [] : [.endReasoned] }

  /// Whether a file may end at `offset`, by what stands behind it: zeros up to its sector's end.
  static func isSlack(in file: Source, from offset: ByteOffset) throws -> Bool {
    let rest = (sector - offset.rawValue % sector) % sector
    return try file.readPrefix(at: offset, count: ByteCount(rest)).allSatisfy { $0 == 0 }
  }

  /// Where a file ends that ends with its text, and whether it is whole, if something that is no
  /// text stands at `offset`.
  ///
  /// Where no slack is, a line end before the sector tells a file that filled it from one that
  /// something else was written over.
  static func reasoned(
    in file: Source, at offset: ByteOffset
  ) throws -> (offset: ByteOffset, isWhole: Bool) {
    if offset.rawValue % sector != 0, try isSlack(in: file, from: offset) { return (offset, true) }
    let border = ByteOffset(offset.rawValue / sector * sector)
    guard border > 0 else { return (offset, false) }
    let before = try file.readPrefix(at: ByteOffset(border.rawValue &- 1), count: 1)
    return (border, before == [0x0A] || before == [0x0D])
  }

  /// CP/M and DOS mark a text's end with Control-Z.
  private static func endsWithControlZ(in file: Source, at offset: ByteOffset) throws -> Bool {
    try file.readPrefix(at: offset, count: 1) == [0x1A]
      && isSlack(in: file, from: offset.advancedClamped(by: 1))
  }

  /// The first sector boundary from `offset` on.
  private static func border(from offset: ByteOffset) -> ByteOffset? {
    let (sum, overflow) = offset.rawValue.addingReportingOverflow(sector - 1)
    return overflow ? nil : ByteOffset(sum / sector * sector)
  }
}
