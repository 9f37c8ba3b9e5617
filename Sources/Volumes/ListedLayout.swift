// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where a file lay of which a list of its blocks is left, but no inode: all of it, or what comes
/// behind the blocks that the inode alone named, with those before it as they lie as a rule.
package struct ListedLayout: Hashable, Sendable {
  /// Whole blocks on the medium, in the order of the file.
  package let content: [Extent]
  /// The blocks that hold the list: no part of any file.
  package let lists: [Range<ByteOffset>]
  package let blockSize: ByteCount
  /// Whether the list is one for sure, whatever is found at the file's start: it lies amid the blocks that
  /// it names.
  package let isCertain: Bool
  /// Whether no other list tells of a file from the same block on.
  package let isSole: Bool
  /// What is behind this much of the file, the list tells.
  package let assumed: ByteCount

  package init(
    content: [Extent], lists: [Range<ByteOffset>], blockSize: ByteCount, isCertain: Bool,
    isSole: Bool, assumed: ByteCount
  ) {
    self.content = content
    self.lists = lists
    self.blockSize = blockSize
    self.isCertain = isCertain
    self.isSole = isSole
    self.assumed = assumed
  }
}
