// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A name in a folder, with what it names; names of the same hash share an item.
///
///     0  key of the target   17  u64  transaction   25  u16  length of data   27  u16  of the name
///     29 u8  type; 2: folder 30  name, then data
///
/// - Source: Linux, include/uapi/linux/btrfs_tree.h, `struct btrfs_dir_item`.
struct DirectoryEntry: Hashable, Sendable {
  let target: Key
  let name: RawName
  let isFolder: Bool

  /// The entries that an item holds, as far as it is sound.
  static func entries(_ bytes: [UInt8]) -> [DirectoryEntry] {
    var result: [DirectoryEntry] = []
    var at = 0
    while at < bytes.count {
      guard let target = try? Key(bytes, at: at),
        let dataLength = try? bytes.little(UInt16.self, at: at + 25),
        let nameLength = try? bytes.little(UInt16.self, at: at + 27),
        let name = try? bytes.copy(at: at + 30, count: Int(nameLength))
      else { break }
      let type = (try? bytes.little(UInt8.self, at: at + 29)) ?? 0
      result.append(DirectoryEntry(target: target, name: RawName(name), isFolder: type == 2))
      at += 30 + Int(nameLength) + Int(dataLength)
    }
    return result
  }
}
