// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Follows a data fork to the blocks of its file.
struct BlockMap {
  let volume: XFSVolume
  /// Whose blocks they are: version 5 writes it into each node of the tree.
  let owner: UInt64

  /// A file of more runs than this is none.
  private static let mostRuns = 4_000_000
  /// No tree is deeper; a deeper one is damaged.
  private static let deepest: UInt16 = 9
  /// A whole tree is read for each way to read a root that begins well.
  private static let mostAttempts = 4

  /// The runs of an inode that is in use, in order; nil where the map is broken.
  func runs(of inode: Inode) -> [BlockRun]? {
    switch inode.format {
    case .extents: return list(inode.fork, count: inode.extentCount)
    case .tree: return tree(root: inode.fork)
    default: return nil
    }
  }

  /// A list of as many extents as stated; nil where one is not sound.
  func list(_ bytes: [UInt8], count: UInt64) -> [BlockRun]? {
    let runs = list(bytes, limit: Int(clamping: count))
    return UInt64(clamping: runs.count) == count ? runs : nil
  }

  /// What the fork of a freed inode still says: a list of extents up to where it makes no sense any
  /// more, or the root of a tree. Nil where neither stands there.
  func remainingRuns(of inode: Inode) -> [BlockRun]? {
    let runs = list(inode.literal, limit: .max)
    if !runs.isEmpty { return runs }
    guard let level = try? inode.literal.big(UInt16.self, at: 0), level > 0, level <= Self.deepest
    else { return nil }
    // Where the attributes began decides where the root's pointers stand, and is no longer known.
    var attempts = 0
    for room in stride(from: (inode.literal.count - 4) / 16, through: 1, by: -1) {
      let root = Array(inode.literal.prefix(4 + 16 * room))
      guard leadsToNodes(root, level: level - 1) else { continue }
      if let runs = tree(root: root), !runs.isEmpty { return runs }
      attempts += 1
      if attempts == Self.mostAttempts { break }
    }
    return nil
  }

  /// Whether all pointers of a root lead to nodes of its tree.
  private func leadsToNodes(_ root: [UInt8], level: UInt16) -> Bool {
    let room = (root.count - 4) / 16
    guard let count = try? root.big(UInt16.self, at: 2), count > 0, Int(count) <= room else {
      return false
    }
    return (0..<Int(count)).allSatisfy { index in
      guard let child = try? root.big(UInt64.self, at: 4 + 8 * (room + index)) else { return false }
      return node(child, level: level) != nil
    }
  }

  /// Extents one behind the other, as long as they are sound and in order.
  private func list(_ bytes: [UInt8], limit: Int) -> [BlockRun] {
    var runs: [BlockRun] = []
    while runs.count < limit, runs.count < Self.mostRuns,
      let run = try? BlockRun(bytes, at: runs.count * BlockRun.byteCount),
      run.isSound(in: volume.geometry), runs.last.map({ $0.end <= run.logical }) ?? true
    {
      runs.append(run)
    }
    return runs
  }

  /// The root of a tree within an inode: u16 level, u16 records; keys of 8 bytes from 4 on, then as many
  /// pointers as there is room for.
  ///
  /// - Source: *XFS Algorithms & Data Structures*, "B+tree Extent List".
  func tree(root: [UInt8]) -> [BlockRun]? {
    guard let level = try? root.big(UInt16.self, at: 0),
      let count = try? root.big(UInt16.self, at: 2), level > 0, level <= Self.deepest, count > 0
    else { return nil }
    let room = (root.count - 4) / 16
    guard Int(count) <= room else { return nil }
    return children(root, at: 4 + 8 * room, count: Int(count), level: level - 1)
  }

  /// The root of a tree as the log keeps it: with the header of a block.
  func tree(loggedRoot root: [UInt8]) -> [BlockRun]? {
    guard let node = Node(root, hasChecksums: volume.superblock.hasChecksums),
      node.level > 0, node.level <= Self.deepest
    else { return nil }
    return children(root, at: node.pointers, count: node.count, level: node.level - 1)
  }

  private func children(_ bytes: [UInt8], at: Int, count: Int, level: UInt16) -> [BlockRun]? {
    var runs: [BlockRun] = []
    var visited: Set<UInt64> = []
    for index in 0..<count {
      guard let child = try? bytes.big(UInt64.self, at: at + 8 * index),
        append(child, level: level, into: &runs, &visited)
      else { return nil }
    }
    return runs
  }

  private func append(
    _ block: UInt64, level: UInt16, into runs: inout [BlockRun], _ visited: inout Set<UInt64>
  ) -> Bool {
    guard visited.insert(block).inserted, let (bytes, node) = node(block, level: level) else {
      return false
    }
    for index in 0..<node.count {
      if level > 0 {
        guard let child = try? bytes.big(UInt64.self, at: node.pointers + 8 * index),
          append(child, level: level - 1, into: &runs, &visited)
        else { return false }
      } else {
        guard let run = try? BlockRun(bytes, at: node.header + BlockRun.byteCount * index),
          run.isSound(in: volume.geometry), runs.count < Self.mostRuns,
          runs.last.map({ $0.end <= run.logical }) ?? true
        else { return false }
        runs.append(run)
      }
    }
    return true
  }

  /// The node in a block; nil where another tree's stands, or none. Those of version 4 do not tell
  /// their owner: they belong to who first led to them.
  private func node(_ block: UInt64, level: UInt16) -> (bytes: [UInt8], node: Node)? {
    guard let bytes = volume.block(block),
      let node = Node(bytes, hasChecksums: volume.superblock.hasChecksums), node.level == level,
      node.owner.map({ $0 == owner }) ?? volume.nodeOwners.isOwner(owner, of: block),
      node.uuid.map({ $0 == volume.superblock.uuid }) ?? true
    else { return nil }
    return (bytes, node)
  }

  /// The header of a node in a block of its own.
  ///
  ///     0x00  u32  "BMAP" or "BMA3"  0x04  u16  level   0x06  u16  records
  ///     version 5: 0x28 u8×16 UUID; 0x38 u64 inode; 0x40 u32 CRC-32C
  ///
  /// - Source: *XFS Algorithms & Data Structures*, "B+tree Extent List", "xfs_btree_lblock".
  private struct Node {
    let level: UInt16
    let count: Int
    let header: Int
    /// Where the pointers start, of a node above the leaves.
    let pointers: Int
    let owner: UInt64?
    let uuid: [UInt8]?

    init?(_ bytes: [UInt8], hasChecksums: Bool) {
      header = hasChecksums ? 72 : 24
      guard bytes.holds(Array((hasChecksums ? "BMA3" : "BMAP").utf8), at: 0),
        let level = try? bytes.big(UInt16.self, at: 4),
        let count = try? bytes.big(UInt16.self, at: 6), bytes.count > header
      else { return nil }
      let room = (bytes.count - header) / 16
      guard count > 0, Int(count) <= room else { return nil }
      self.level = level
      self.count = Int(count)
      pointers = header + 8 * room
      owner = hasChecksums ? try? bytes.big(UInt64.self, at: 0x38) : nil
      uuid = hasChecksums ? try? bytes.copy(at: 0x28, count: 16) : nil
    }
  }
}
