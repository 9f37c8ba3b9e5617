// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A name in a directory, with the inode that it names.
struct DirectoryEntry: Hashable, Sendable {
  /// The number of an inode; of an entry that was removed, the low half may be all that is left.
  enum Target: Hashable, Sendable {
    case inode(UInt64)
    case lowHalf(UInt32)
  }

  let target: Target
  let name: RawName
  /// 1 file, 2 folder, 7 symbolic link …; 0 where the volume does not record it.
  let type: UInt8

  /// Nil for a name that cannot be, or a type that there is not.
  init?(_ target: Target, name: [UInt8], type: UInt8) {
    guard !name.isEmpty, !name.contains(0), !name.contains(0x2F), type <= 8 else { return nil }
    self.target = target
    self.name = RawName(name)
    self.type = type
  }

  static let dot: RawName = "."
  static let dotDot: RawName = ".."
}
