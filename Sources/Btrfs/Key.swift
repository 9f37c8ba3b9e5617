// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What an item of a tree is found by: items stand in the order of object, kind, offset.
///
///     0  u64  object      8  u8  kind      9  u64  offset
///
/// - Source: Linux, include/uapi/linux/btrfs_tree.h, `struct btrfs_disk_key`.
struct Key: Hashable, Comparable, Sendable {
  static let size = 17

  var object: UInt64
  var kind: UInt8
  /// What it means depends on the kind: an address, a place in a file, a number.
  var offset: UInt64

  init(_ object: UInt64, _ kind: UInt8, _ offset: UInt64) {
    self.object = object
    self.kind = kind
    self.offset = offset
  }

  init(_ bytes: [UInt8], at start: Int) throws(Truncated) {
    object = try bytes.little(UInt64.self, at: start)
    kind = try bytes.little(UInt8.self, at: start + 8)
    offset = try bytes.little(UInt64.self, at: start + 9)
  }

  static func < (left: Self, right: Self) -> Bool {
    (left.object, left.kind, left.offset) < (right.object, right.kind, right.offset)
  }

  /// Every key that there can be.
  static let all = Key(0, 0, 0)...Key(.max, .max, .max)

  /// Every key of one object.
  static func all(of object: UInt64) -> ClosedRange<Key> {
    Key(object, 0, 0)...Key(object, .max, .max)
  }

  /// Every key of one object and kind.
  static func all(of object: UInt64, _ kind: UInt8) -> ClosedRange<Key> {
    Key(object, kind, 0)...Key(object, kind, .max)
  }
}

/// The kinds of items that are read.
enum ItemKind {
  static let inode: UInt8 = 1
  static let inodeName: UInt8 = 12
  static let inodeNames: UInt8 = 13
  static let directoryEntry: UInt8 = 84
  static let directoryIndex: UInt8 = 96
  static let fileExtent: UInt8 = 108
  static let checksums: UInt8 = 128
  static let root: UInt8 = 132
  static let rootPlace: UInt8 = 144
  static let extent: UInt8 = 168
  static let deviceExtent: UInt8 = 204
  static let metadata: UInt8 = 169
  static let chunk: UInt8 = 228
}

/// The numbers of trees and of objects that are always the same.
enum ObjectNumber {
  static let rootTree: UInt64 = 1
  static let extentTree: UInt64 = 2
  static let chunkTree: UInt64 = 3
  static let deviceTree: UInt64 = 4
  static let topVolume: UInt64 = 5
  static let rootFolder: UInt64 = 6
  static let checksumTree: UInt64 = 7
  /// Of every chunk, and the first of inodes and subvolumes.
  static let first: UInt64 = 256
  /// Behind the last of inodes and subvolumes; what follows is for special purposes.
  static let end: UInt64 = 0 &- 256
  /// Of every item of data checksums.
  static let checksums: UInt64 = 0 &- 10

  /// Whether a tree of this number holds files: the top, a subvolume or a snapshot.
  static func isVolume(_ number: UInt64) -> Bool {
    number == topVolume || (number >= first && number < end)
  }
}
