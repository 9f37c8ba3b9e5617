// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Where a tree begins, as the root tree says.
///
///     0xA0  u64  generation   0xB0  u64  address   0xD8  u32  references; 0: being deleted
///     0xEE  u8   level        0x107 16   id of the subvolume that it is a snapshot of
///
/// - Source: Linux, include/uapi/linux/btrfs_tree.h, `struct btrfs_root_item`.
struct RootItem: Sendable {
  let root: TreeRoot
  let isInUse: Bool
  let isSnapshot: Bool

  init(_ bytes: [UInt8]) throws(Truncated) {
    root = TreeRoot(
      address: ByteOffset(try bytes.little(UInt64.self, at: 0xB0)),
      generation: try bytes.little(UInt64.self, at: 0xA0),
      level: try bytes.little(UInt8.self, at: 0xEE))
    isInUse = try bytes.little(UInt32.self, at: 0xD8) > 0
    isSnapshot = (try? bytes.copy(at: 0x107, count: 16))?.contains { $0 != 0 } ?? false
  }
}

/// Where a subvolume stands: a name in a folder of another; the key's offset is that other one.
///
///     0  u64  folder   8  u64  sequence   16  u16  length   18  name
///
/// - Source: Linux, include/uapi/linux/btrfs_tree.h, `struct btrfs_root_ref`.
struct RootPlace: Sendable {
  let volume: UInt64
  let folder: UInt64
  let name: RawName

  init?(_ key: Key, _ bytes: [UInt8]) {
    guard let folder = try? bytes.little(UInt64.self, at: 0),
      let length = try? bytes.little(UInt16.self, at: 16), (1...255).contains(length),
      let name = try? bytes.copy(at: 18, count: Int(length))
    else { return nil }
    volume = key.offset
    self.folder = folder
    self.name = RawName(name)
  }
}
