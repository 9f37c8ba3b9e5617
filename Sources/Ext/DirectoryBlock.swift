// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A name in a directory, with the inode that it names.
struct DirectoryEntry: Hashable, Sendable {
  let inode: UInt32
  let name: RawName
  /// 1 file, 2 folder, 7 symbolic link …; 0 where the volume does not record it.
  let type: UInt8
}

/// One block of a directory: entries end to end, to the last byte.
///
///     0  u32  inode (0: none)   4  u16  length of the entry   6  u8  length of the name
///     7  u8   type              8  name
///
/// - Source: Linux, Documentation/filesystems/ext4/directory.rst.
struct DirectoryBlock: Sendable {
  let entries: [DirectoryEntry]
  /// Entries that were removed, but still stand in the room of others.
  let leftovers: [DirectoryEntry]
  /// The directory's own number where the block is its first.
  let itself: UInt32?
  /// The number of the folder above, where the block is its first.
  let parent: UInt32?

  private static let dot: RawName = "."
  private static let dotDot: RawName = ".."

  /// Nil for bytes that are no directory block.
  ///
  /// - Parameter hasTypes: without, the byte behind the length of the name is its upper half.
  init?(_ bytes: [UInt8], hasTypes: Bool = true) {
    var entries: [DirectoryEntry] = []
    var slack: [DirectoryEntry] = []
    var at = 0
    while at < bytes.count {
      guard let inode = try? bytes.little(UInt32.self, at: at),
        let length = (try? bytes.little(UInt16.self, at: at + 4)).map(Self.length),
        let nameLength = (try? bytes.little(UInt8.self, at: at + 6)).map(Int.init),
        let type = try? bytes.little(UInt8.self, at: at + 7),
        length >= 8, length % 4 == 0, at + length <= bytes.count
      else { return nil }
      let isTail = inode == 0 && nameLength == 0 && type == 0xDE
      if inode != 0 {
        guard nameLength > 0, nameLength + 8 <= length, type <= 7,
          let name = try? bytes.copy(at: at + 8, count: nameLength), !name.contains(0)
        else { return nil }
        entries.append(
          DirectoryEntry(inode: inode, name: RawName(name), type: hasTypes ? type : 0))
        slack += Self.slack(bytes, from: at + (8 + nameLength + 3) & ~3, to: at + length)
      } else if !isTail, nameLength + 8 > length {
        return nil
      }
      at += length
    }
    guard !entries.isEmpty || !slack.isEmpty else { return nil }
    if entries.count >= 2, entries[0].name == Self.dot, entries[1].name == Self.dotDot {
      itself = entries[0].inode
      parent = entries[1].inode
      entries.removeFirst(2)
    } else {
      itself = nil
      parent = nil
    }
    self.entries = entries
    leftovers = slack
  }

  /// A length of 65,536 does not fit its field.
  private static func length(_ stored: UInt16) -> Int {
    stored == 0xFFFF || stored == 0 ? 0x1_0000 : Int(stored)
  }

  /// Entries that kernels before 5.13 left behind in the room of the one before.
  private static func slack(_ bytes: [UInt8], from start: Int, to end: Int) -> [DirectoryEntry] {
    var found: [DirectoryEntry] = []
    var at = start
    while at + 12 <= end {
      if let inode = try? bytes.little(UInt32.self, at: at), inode != 0,
        let length = (try? bytes.little(UInt16.self, at: at + 4)).map(Int.init),
        let nameLength = (try? bytes.little(UInt8.self, at: at + 6)).map(Int.init),
        nameLength > 0, nameLength + 8 <= length, at + length <= end,
        let type = try? bytes.little(UInt8.self, at: at + 7), (1...7).contains(type),
        let name = try? bytes.copy(at: at + 8, count: nameLength),
        !name.contains(where: { $0 == 0 || $0 == 0x2F })
      {
        found.append(DirectoryEntry(inode: inode, name: RawName(name), type: type))
        at += (8 + nameLength + 3) & ~3
      } else {
        at += 4
      }
    }
    return found
  }

  /// The seed that a block's checksum tail was made with: it tells the owner; nil without a tail.
  static func seed(of bytes: [UInt8]) -> UInt32? {
    guard bytes.count >= 24,
      bytes.holds([0, 0, 0, 0, 0x0C, 0, 0, 0xDE], at: bytes.count - 12),
      let stored = try? bytes.little(UInt32.self, at: bytes.count - 4)
    else { return nil }
    return ExtChecksum.seed(before: bytes[..<(bytes.count - 12)], after: stored)
  }
}
