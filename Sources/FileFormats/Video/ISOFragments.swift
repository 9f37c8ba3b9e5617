// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a fragmented file promises: media behind each fragment's head, and the sizes that a segment
/// index states.
///
/// | Offset | Size | Field         | Unit                                        |
/// |-------:|-----:|---------------|---------------------------------------------|
/// |   0x00 |    4 | version       | 1 byte, then flags                          |
/// |   0x0C |  2×4 | first         | time and offset; version 1: 2×8             |
/// |   0x16 |    2 | count         | then 12 bytes each, the first 4 of a size   |
///
/// - Source: ISO/IEC 14496-12:2022, §8.16.3 "Segment index box".
struct ISOFragments {
  private(set) var isStarted = false
  /// The head of a fragment whose data are still to come.
  private(set) var waiting: ISOBox?
  private var promised: ByteOffset = 0
  /// Whether the last box is the index that closes a file.
  private var isClosed = false

  /// Takes note of a fragment's head.
  mutating func takeHead(_ box: ISOBox) {
    isStarted = true
    isClosed = false
    waiting = box
  }

  /// Takes note of media data.
  mutating func takeData() { waiting = nil }

  /// Takes note of the index at the end.
  mutating func takeClosing() { isClosed = true }

  /// Whether something says that the file has all of its fragments where it ends at `end`: the index
  /// behind them, or the sizes in front, unless other data follow at once.
  func areComplete(at end: ByteOffset, _ rest: SectorRest) -> Bool {
    isClosed || promised == end && rest != .foreign
  }

  /// Adds up the sizes of a segment index.
  mutating func takeIndex(_ window: inout Window, _ box: ISOBox, end: ByteOffset) throws {
    let isLong = try window.byte(at: box.content) == 1
    let offsetPlace = try box.content + (isLong ? 20 : 16)
    let first =
      try isLong
      ? window.big(UInt64.self, at: offsetPlace) : UInt64(window.big(UInt32.self, at: offsetPlace))
    let countPlace = try offsetPlace + (isLong ? 10 : 6)
    var position = try end + ByteCount(first)
    for index in 0..<UInt64(try window.big(UInt16.self, at: countPlace)) {
      let row = try countPlace + 2 + ByteCount(12) * index
      guard row < end else { break }
      let size = try window.big(UInt32.self, at: row) & 0x7FFF_FFFF
      position = try position + ByteCount(UInt64(size))
    }
    promised = max(promised, position)
  }

  /// Throws `Malformed` where the file ends at `end` before its promise is kept.
  func check(end: ByteOffset) throws(Malformed) {
    if let waiting {
      throw Malformed("ISO media", "a fragment without its data", at: waiting.start)
    }
    guard promised <= end else {
      throw Malformed("ISO media", "segments are missing at the end", at: end)
    }
  }
}
