// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A directory small enough for its inode.
///
///     0x00  u8  entries   0x01  u8  entries whose number needs 8 bytes (0: all numbers have 4)
///     0x02  u32 or u64  folder above
///     then each: u8 length of the name, u16 offset it would have in a block, name, u8 type if
///     recorded, u32 or u64 inode
///
/// Removing an entry moves the later ones down; behind the last one stands what it left.
///
/// - Source: *XFS Algorithms & Data Structures*, "Short Form Directories".
struct ShortDirectory: Sendable {
  let parent: UInt64
  let entries: [DirectoryEntry]
  /// Names behind the end.
  let leftovers: [DirectoryEntry]

  /// Nil for bytes that are no such directory.
  ///
  /// - Parameter isInode: tells plausible numbers, for what lies behind the end.
  init?(_ bytes: [UInt8], hasTypes: Bool, isInode: (UInt64) -> Bool) {
    guard let count = try? bytes.big(UInt8.self, at: 0),
      let wide = try? bytes.big(UInt8.self, at: 1), wide == 0 || wide <= count &+ 1
    else { return nil }
    let width = wide > 0 ? 8 : 4
    guard let parent = Self.number(bytes, at: 2, width: width), isInode(parent) else { return nil }
    self.parent = parent
    var entries: [DirectoryEntry] = []
    var at = 2 + width
    var last = 0
    for _ in 0..<count {
      guard let (entry, offset, end) = Self.entry(bytes, at: at, width: width, hasTypes: hasTypes),
        offset > last
      else { return nil }
      entries.append(entry)
      last = offset
      at = end
    }
    self.entries = entries
    var leftovers: [DirectoryEntry] = []
    while at + 3 + 1 + width <= bytes.count {
      if let (entry, offset, end) = Self.entry(bytes, at: at, width: width, hasTypes: hasTypes),
        case .inode(let number) = entry.target, isInode(number), offset % 8 == 0,
        !hasTypes || entry.type != 0
      {
        leftovers.append(entry)
        at = end
      } else {
        at += 1
      }
    }
    self.leftovers = leftovers
  }

  private static func entry(
    _ bytes: [UInt8], at start: Int, width: Int, hasTypes: Bool
  ) -> (DirectoryEntry, offset: Int, end: Int)? {
    guard let length = try? bytes.big(UInt8.self, at: start),
      let offset = try? bytes.big(UInt16.self, at: start + 1),
      let name = try? bytes.copy(at: start + 3, count: Int(length))
    else { return nil }
    let behind = start + 3 + Int(length)
    let numberAt = behind + (hasTypes ? 1 : 0)
    guard let type = hasTypes ? try? bytes.big(UInt8.self, at: behind) : 0,
      let number = number(bytes, at: numberAt, width: width),
      let entry = DirectoryEntry(.inode(number), name: name, type: type)
    else { return nil }
    return (entry, Int(offset), numberAt + width)
  }

  private static func number(_ bytes: [UInt8], at offset: Int, width: Int) -> UInt64? {
    width == 8
      ? try? bytes.big(UInt64.self, at: offset)
      : (try? bytes.big(UInt32.self, at: offset)).map(UInt64.init)
  }
}
