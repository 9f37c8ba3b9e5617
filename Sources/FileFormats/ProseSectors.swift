// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Whether a text has whole sectors of prose, without a sign of its structure: grammars let any text
/// stand there, so that a sector of another file goes unnoticed.
struct ProseSectors {
  private static let sector: UInt64 = 512
  /// Behind the sector that is being read; its letters, its blanks, all of its characters.
  private var end: UInt64
  private var letters: UInt32 = 0
  private var blanks: UInt32 = 0
  private var characters: UInt32 = 0
  /// The sector in which the walk begins is known by its signature.
  private var isMarked = true
  /// Whether there was one.
  private(set) var stands = false

  init(from start: ByteOffset) {
    end = (start.rawValue / Self.sector).addingReportingOverflow(1).partialValue &* Self.sector
  }

  /// What was read last is a sign of structure.
  mutating func mark() { isMarked = true }

  mutating func read(_ character: UInt32, at offset: UInt64) {
    if offset >= end { finish(at: offset) }
    characters &+= 1
    if character == 0x20 {
      blanks &+= 1
    } else if (0x61...0x7A).contains(character | 0x20) || character >= 0x80 {
      letters &+= 1
    }
  }

  /// The sector is over: was it prose? Numbers have few letters, encoded data has no blanks.
  private mutating func finish(at offset: UInt64) {
    if !isMarked, letters &* 2 > characters, blanks &* 16 > characters { stands = true }
    end = (offset / Self.sector &+ 1) &* Self.sector
    isMarked = false
    letters = 0
    blanks = 0
    characters = 0
  }
}
