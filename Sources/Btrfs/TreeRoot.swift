// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where a tree begins.
struct TreeRoot: Hashable, Sendable {
  /// In the file system's address space.
  let address: ByteOffset
  /// The transaction that wrote the node.
  let generation: UInt64
  let level: UInt8
  /// A node whose parents are lost: what stood beside it in the tree is not known.
  var isHeadless = false
}
