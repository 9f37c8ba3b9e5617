// SPDX-License-Identifier: Apache-2.0

/// A file among those that had one inode number: numbers of deleted files are given out again after
/// the next mount, where no higher one was in use.
struct Life: Hashable, Sendable {
  let volume: UInt64
  let number: UInt64
  /// The transaction that made it.
  let madeIn: UInt64

  init(_ file: FileState, of volume: UInt64) {
    self.volume = volume
    number = file.number
    madeIn = file.inode.madeIn
  }

  var inode: FolderNumber { FolderNumber(volume: volume, number: number) }
}

extension Life: Comparable {
  static func < (left: Self, right: Self) -> Bool {
    (left.volume, left.number, left.madeIn) < (right.volume, right.number, right.madeIn)
  }
}
