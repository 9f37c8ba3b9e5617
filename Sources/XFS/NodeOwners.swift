// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// To which inodes the nodes of extent trees belong, where they do not tell it (version 4): no node is of
/// two trees, and who first led to it keeps it. Files that are present come first.
final class NodeOwners: Sendable {
  private let owners = Mutex<[UInt64: UInt64]>([:])

  /// Nodes that are told apart; on a disk with more, the rest are nobody's.
  private static let most = 0x40_0000

  /// Whether `inode` has the node in a block, or gets it now.
  func isOwner(_ inode: UInt64, of block: UInt64) -> Bool {
    owners.withLock { owners in
      if let known = owners[block] { return known == inode }
      guard owners.count < Self.most else { return false }
      owners[block] = inode
      return true
    }
  }
}
