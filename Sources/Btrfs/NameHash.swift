// SPDX-License-Identifier: Apache-2.0

import Checksums
import Findings

/// What a folder's entries are found by: the CRC-32C of the name, begun at -2 and not inverted.
///
/// - Source: Linux, fs/btrfs/ctree.h, `btrfs_name_hash`.
enum NameHash {
  static func hash(_ name: RawName) -> UInt64 {
    var sum = CRC32(.castagnoli, state: 0xFFFF_FFFE)
    sum.update(name.bytes)
    return UInt64(sum.register)
  }
}
