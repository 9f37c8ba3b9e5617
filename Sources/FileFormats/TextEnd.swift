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

  private static let mostBlanks = 4096
  private static let sector: UInt64 = 512

  /// - Parameters:
  ///   - file: starts with a sector, as files do.
  ///   - end: behind the last byte that the structure needs.
  init(in file: Source, after end: ByteOffset) throws {
    let bytes = try file.readPrefix(at: end, count: ByteCount(clamping: Self.mostBlanks + 512))
    let blanks = bytes.prefix(Self.mostBlanks).prefix { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
      .count
    let stop = end.advancedClamped(by: ByteCount(clamping: blanks))
    let rest = (Self.sector - stop.rawValue % Self.sector) % Self.sector
    let slack = bytes.dropFirst(blanks).prefix(Int(clamping: rest))
    if slack.allSatisfy({ $0 == 0 }) {
      // Blanks that begin a sector and reach its end may as well be the next file's.
      offset = stop
      isCertain = true
      return
    }
    let line = bytes.prefix(2) == [0x0D, 0x0A] ? 2 : (blanks > 0 && bytes[0] != 0x20 ? 1 : 0)
    let isOwn = end.rawValue % Self.sector != 0
    offset = isOwn ? end.advancedClamped(by: ByteCount(clamping: line)) : end
    isCertain = !isOwn
  }

  /// What a verdict must know of it.
  var evidence: [Evidence] { isCertain ? [] : [.endReasoned] }
}
