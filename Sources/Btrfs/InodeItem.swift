// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// An inode: what is known of a file beside its names and its content.
///
///     0x00  u64  made in transaction      0x08  u64  changed in transaction
///     0x10  u64  size, in bytes           0x18  u64  bytes of its extents
///     0x28  u32  names                    0x34  u32  mode
///     0x40  u64  flags                    0x70  12   read: seconds (i64), nanoseconds (u32)
///     0x7C  12   changed                  0x88  12   written            0x94  12   made
///
/// - Source: Linux, include/uapi/linux/btrfs_tree.h, `struct btrfs_inode_item`.
struct InodeItem: Hashable, Sendable {
  enum Kind: Sendable { case file, folder, symbolicLink, other }

  let madeIn: UInt64
  let changedIn: UInt64
  let size: ByteCount
  let extentBytes: UInt64
  let links: UInt32
  let mode: UInt32
  let hasChecksums: Bool
  let times: Times

  init(_ bytes: [UInt8]) throws(Truncated) {
    madeIn = try bytes.little(UInt64.self, at: 0)
    changedIn = try bytes.little(UInt64.self, at: 8)
    size = ByteCount(try bytes.little(UInt64.self, at: 0x10))
    extentBytes = try bytes.little(UInt64.self, at: 0x18)
    links = try bytes.little(UInt32.self, at: 0x28)
    mode = try bytes.little(UInt32.self, at: 0x34)
    hasChecksums = try bytes.little(UInt64.self, at: 0x40) & 1 == 0
    times = Times(
      created: try Self.time(bytes, at: 0x94), modified: try Self.time(bytes, at: 0x88),
      changed: try Self.time(bytes, at: 0x7C), accessed: try Self.time(bytes, at: 0x70))
  }

  private static func time(_ bytes: [UInt8], at offset: Int) throws(Truncated) -> Timestamp? {
    let seconds = try bytes.little(Int64.self, at: offset)
    let nanoseconds = try bytes.little(UInt32.self, at: offset + 8)
    // What programs other than the kernel make may have no time of creation.
    guard seconds != 0 || nanoseconds != 0, nanoseconds < 1_000_000_000 else { return nil }
    return Timestamp(seconds: seconds, nanoseconds: Int64(nanoseconds))
  }

  var kind: Kind {
    switch mode & 0o170000 {
    case 0o100000: .file
    case 0o040000: .folder
    case 0o120000: .symbolicLink
    default: .other
    }
  }
}
