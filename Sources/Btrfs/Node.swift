// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What every node of a tree begins with.
///
///     0x00  32   checksum of what follows   0x20  16   id of the file system
///     0x30  u64  its own address            0x38  u64  flags
///     0x50  u64  generation                 0x58  u64  tree
///     0x60  u32  items                      0x64  u8   level; 0: a leaf
///
/// - Source: Linux, include/uapi/linux/btrfs_tree.h, `struct btrfs_header`.
struct NodeHeader: Hashable, Sendable {
  static let size = 101
  static let mostLevels: UInt8 = 8

  let address: ByteOffset
  let generation: UInt64
  /// The tree that it was written for; a snapshot shares nodes of another's.
  let owner: UInt64
  let itemCount: Int
  let level: UInt8

  /// Nil where no node of the file system `id` stands.
  init?(_ bytes: RawSpan, at start: Int, id: [UInt8]) {
    guard bytes.holds(id, at: start + 0x20),
      let address = try? bytes.little(UInt64.self, at: start + 0x30),
      let generation = try? bytes.little(UInt64.self, at: start + 0x50),
      let owner = try? bytes.little(UInt64.self, at: start + 0x58),
      let items = try? bytes.little(UInt32.self, at: start + 0x60),
      let level = try? bytes.little(UInt8.self, at: start + 0x64),
      level < Self.mostLevels, items <= 0x1_0000 / 25
    else { return nil }
    self.address = ByteOffset(address)
    self.generation = generation
    self.owner = owner
    itemCount = Int(items)
    self.level = level
  }
}

/// A node of a tree: a leaf holds items, the others hold the first key of each child.
///
///     in a leaf, 25 bytes each:   0  key   17  u32  where its data stands, behind the header
///                                 21  u32  length of its data
///     else, 33 bytes each:        0  key   17  u64  address   25  u64  generation
///
/// - Source: Linux, include/uapi/linux/btrfs_tree.h, `struct btrfs_item`, `struct btrfs_key_ptr`.
struct Node: Sendable {
  let header: NodeHeader
  /// In ascending order, none twice.
  let keys: [Key]
  private let bytes: [UInt8]

  var isLeaf: Bool { header.level == 0 }

  /// Nil for bytes that are no sound node: a checksum, an id, a key or a place that is wrong.
  init?(_ bytes: [UInt8], of superblock: Superblock) {
    let size = bytes.count
    guard bytes.count == (try? superblock.nodeSize.inMemory()),
      let header = bytes.withSpan({ span -> NodeHeader? in
        guard
          superblock.checksum.holds(over: span.extracting(0x20..<size), stored: bytes)
        else { return nil }
        return NodeHeader(span, at: 0, id: superblock.nodeID)
      })
    else { return nil }
    let stride = header.level == 0 ? 25 : 33
    guard NodeHeader.size + stride * header.itemCount <= bytes.count else { return nil }
    var keys: [Key] = []
    keys.reserveCapacity(header.itemCount)
    for index in 0..<header.itemCount {
      guard let key = try? Key(bytes, at: NodeHeader.size + stride * index),
        keys.last.map({ $0 < key }) ?? true
      else { return nil }
      keys.append(key)
    }
    self.header = header
    self.keys = keys
    self.bytes = bytes
  }

  /// The child at a place of a node that is no leaf.
  func child(_ index: Int) -> TreeRoot? {
    let at = NodeHeader.size + 33 * index
    guard header.level > 0, keys.indices.contains(index),
      let address = try? bytes.little(UInt64.self, at: at + 17),
      let generation = try? bytes.little(UInt64.self, at: at + 25)
    else { return nil }
    return TreeRoot(
      address: ByteOffset(address), generation: generation, level: header.level - 1)
  }

  /// The data of an item of a leaf; throws `Truncated` where it reaches out of the leaf.
  func data(_ index: Int) throws(Truncated) -> [UInt8] {
    let at = NodeHeader.size + 25 * index
    guard isLeaf, keys.indices.contains(index) else { throw Truncated() }
    let start = Int(try bytes.little(UInt32.self, at: at + 17))
    let count = Int(try bytes.little(UInt32.self, at: at + 21))
    guard start <= bytes.count - NodeHeader.size else { throw Truncated() }
    return try bytes.copy(at: NodeHeader.size + start, count: count)
  }

  /// The first place whose key is not below `key`.
  func index(notBelow key: Key) -> Int {
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
