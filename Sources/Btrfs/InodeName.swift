// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A name of an inode, and the folder that holds it.
///
///     one folder's:   the key's offset is the folder; then  0  u64  index  8  u16  length  10  name
///     any folder's:   0  u64  folder   8  u64  index   16  u16  length   18  name
///
/// - Source: Linux, include/uapi/linux/btrfs_tree.h, `struct btrfs_inode_ref`,
///   `struct btrfs_inode_extref`.
struct InodeName: Hashable, Sendable {
  let folder: UInt64
  let name: RawName

  /// The names that an item holds, as far as it is sound.
  static func names(_ key: Key, _ bytes: [UInt8]) -> [InodeName] {
    var result: [InodeName] = []
    let isLong = key.kind == ItemKind.inodeNames
    var at = 0
    while at < bytes.count {
      let header = at + (isLong ? 16 : 8)
      guard let length = try? bytes.little(UInt16.self, at: header), length > 0, length <= 255,
        let name = try? bytes.copy(at: header + 2, count: Int(length)),
        let folder = isLong ? try? bytes.little(UInt64.self, at: at) : key.offset
      else { break }
      result.append(InodeName(folder: folder, name: RawName(name)))
      at = header + 2 + Int(length)
    }
    return result
  }
}
