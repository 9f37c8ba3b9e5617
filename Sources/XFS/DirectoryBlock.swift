// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A block of a directory that holds names: entries and unused room, end to end, each a multiple of
/// eight bytes.
///
///     0x00  u32  "XD2B" or "XDB3": the only block; "XD2D" or "XDD3": one of several
///     version 5: 0x08 u64 where it lies, in 512 bytes; 0x18 u8×16 UUID; 0x28 u64 directory
///     then, from 0x10 or 0x40 on:
///     an entry     u64 inode, u8 length of the name, name, u8 type if recorded, …, u16 own offset
///     unused room  u16 0xFFFF, u16 length, …, u16 own offset in the last two bytes
///     an only block ends with its hash table, 8 bytes an entry, then u32 entries, u32 stale ones
///
/// Removing an entry writes no more than 0xFFFF, the length and the offset: what lies between stays,
/// and the offset of each entry in its last two bytes proves it.
///
/// - Source: *XFS Algorithms & Data Structures*, "Block Directories", "Leaf Directories".
struct DirectoryBlock: Sendable {
  /// Names that are in force.
  let entries: [DirectoryEntry]
  /// Names that were removed, but still stand in unused room.
  let leftovers: [DirectoryEntry]
  /// The directory's own number, as the header or `.` says.
  let owner: UInt64?
  /// The number of the folder above, where the block has `..`.
  let parent: UInt64?

  /// Nil for bytes that are no such block.
  init?(_ bytes: [UInt8], superblock: Superblock) {
    let isFive = superblock.hasChecksums
    let magics = isFive ? ["XDB3", "XDD3"] : ["XD2B", "XD2D"]
    guard let magic = magics.first(where: { bytes.holds(Array($0.utf8), at: 0) }) else {
      return nil
    }
    var end = bytes.count
    if magic == magics[0] {
      guard let count = try? bytes.big(UInt32.self, at: bytes.count - 8),
        Int(count) <= (bytes.count - 64) / 8
      else { return nil }
      end -= 8 + 8 * Int(count)
    }
    var parser = Parser(bytes, end: end, hasTypes: superblock.hasFileTypes)
    parser.parse(from: isFive ? 0x40 : 0x10)
    var owner = isFive ? try? bytes.big(UInt64.self, at: 0x28) : nil
    var parent: UInt64?
    var kept: [DirectoryEntry] = []
    for entry in parser.entries {
      if entry.name == DirectoryEntry.dot, case .inode(let number) = entry.target {
        owner = owner ?? number
      } else if entry.name == DirectoryEntry.dotDot, case .inode(let number) = entry.target {
        parent = number
      } else {
        kept.append(entry)
      }
    }
    entries = kept
    leftovers = parser.leftovers.filter {
      $0.name != DirectoryEntry.dot && $0.name != DirectoryEntry.dotDot
    }
    self.owner = owner
    self.parent = parent
  }

  /// Whether a block of version 5 is one of this volume, and lies where it says.
  static func isStamped(_ bytes: [UInt8], uuid: [UInt8], at offset: ByteOffset) -> Bool {
    bytes.holds(uuid, at: 0x18)
      && (try? bytes.big(UInt64.self, at: 8)) == offset.rawValue / 512
  }

  /// Names in a piece of a block that the log kept: those that prove themselves by their offset.
  ///
  /// - Parameters:
  ///   - base: where in its block the piece starts.
  ///   - start: where in the piece entries begin.
  static func entries(
    inPiece bytes: [UInt8], at base: Int, from start: Int, hasTypes: Bool
  ) -> [DirectoryEntry] {
    var parser = Parser(bytes, end: bytes.count, hasTypes: hasTypes, base: base)
    parser.search(min(start, bytes.count)..<bytes.count)
    return parser.leftovers
  }

  private struct Parser {
    let bytes: [UInt8]
    let end: Int
    let hasTypes: Bool
    let base: Int
    var entries: [DirectoryEntry] = []
    var leftovers: [DirectoryEntry] = []

    init(_ bytes: [UInt8], end: Int, hasTypes: Bool, base: Int = 0) {
      self.bytes = bytes
      self.end = end
      self.hasTypes = hasTypes
      self.base = base
    }

    mutating func parse(from start: Int) {
      var at = start
      while at + 8 <= end {
        if let length = unused(at: at), at + length <= end {
          search(at..<at + length)
          at += length
        } else if let (entry, length) = entry(at: at), tag(at + length) == at {
          entries.append(entry)
          at += length
        } else {
          // Damaged here: what follows may still prove itself.
          search(at..<end)
          return
        }
      }
    }

    /// Looks for entries that were removed from a range; what was entered later may have cut the first.
    mutating func search(_ range: Range<Int>) {
      var at = (range.lowerBound + 7) & ~7
      while at + 16 <= range.upperBound {
        guard let (entry, length) = entry(at: at), at + length <= range.upperBound,
          let tag = tag(at + length),
          tag == at + base || tag < at + base && unused(at: tag - base) != nil
        else {
          at += 8
          continue
        }
        leftovers.append(entry)
        at += length
      }
    }

    private func unused(at offset: Int) -> Int? {
      guard bytes.holds([0xFF, 0xFF], at: offset),
        let length = try? bytes.big(UInt16.self, at: offset + 2), length >= 8, length % 8 == 0
      else { return nil }
      return Int(length)
    }

    private func entry(at offset: Int) -> (DirectoryEntry, length: Int)? {
      guard let number = try? bytes.big(UInt64.self, at: offset),
        let length = try? bytes.big(UInt8.self, at: offset + 8),
        let name = try? bytes.copy(at: offset + 9, count: Int(length)),
        let type = hasTypes ? try? bytes.big(UInt8.self, at: offset + 9 + Int(length)) : 0
      else { return nil }
      let target: DirectoryEntry.Target =
        unused(at: offset) != nil
        ? .lowHalf(UInt32(truncatingIfNeeded: number)) : .inode(number)
      guard let entry = DirectoryEntry(target, name: name, type: type) else { return nil }
      return (entry, (9 + Int(length) + (hasTypes ? 1 : 0) + 2 + 7) & ~7)
    }

    /// The offset in the last two bytes before `end`.
    private func tag(_ end: Int) -> Int? {
      (try? bytes.big(UInt16.self, at: end - 2)).map(Int.init)
    }
  }
}
