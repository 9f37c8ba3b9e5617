// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A part of a file and the blocks that hold it.
struct BlockRun: Hashable, Sendable {
  /// The first block of the part, counted in the file.
  var logical: UInt64
  var physical: UInt64
  var count: UInt64
  /// Reserved but never written: reads as zeros.
  var isUnwritten = false
}

/// Follows an inode's extent tree or block pointers to the blocks of its file.
///
/// Interior blocks of the past may have several versions; the caller hands them out, likeliest first,
/// and the first that is sound is taken.
struct BlockMap {
  let layout: Layout
  /// The versions of an interior block, likeliest first.
  let versions: (_ block: UInt64) -> [[UInt8]]

  /// A file of more runs than this is no file: an extent tree of 5 levels could hold as many as it
  /// likes, in a loop.
  private static let mostRuns = 4_000_000

  /// The runs of the inode's file in order; nil where the map is broken or missing.
  func runs(of inode: Inode) -> [BlockRun]? {
    var runs: [BlockRun] = []
    let isSound =
      inode.usesExtents
      ? extents(inode.map, depth: nil, into: &runs)
      : pointers(inode, into: &runs)
    return isSound ? runs : nil
  }

  /// The runs of a leaf of an extent tree in a block of its own; nil where it is broken.
  func runs(ofLeaf node: [UInt8]) -> [BlockRun]? {
    var runs: [BlockRun] = []
    return extents(node, depth: 0, into: &runs) ? runs : nil
  }

  /// A node of an extent tree.
  ///
  ///     0  u16  0xF30A         2  u16  entries   4  u16  room for entries   6  u16  depth
  ///     then 12 bytes each; in a leaf: u32 logical, u16 count (above 32,768: unwritten),
  ///     u16 physical high, u32 low; else: u32 logical, u32 child low, u16 high
  ///
  /// - Source: Linux, Documentation/filesystems/ext4/ifork.rst.
  private func extents(_ node: [UInt8], depth expected: UInt16?, into runs: inout [BlockRun])
    -> Bool
  {
    guard node.holds([0x0A, 0xF3], at: 0), let entries = try? node.little(UInt16.self, at: 2),
      let room = try? node.little(UInt16.self, at: 4),
      let depth = try? node.little(UInt16.self, at: 6),
      entries <= room, depth <= 5, expected.map({ $0 == depth }) ?? true,
      12 + 12 * Int(entries) <= node.count, entries > 0 || expected == nil
    else { return false }
    for index in 0..<Int(entries) {
      let at = 12 + 12 * index
      guard let logical = try? node.little(UInt32.self, at: at),
        let second = try? node.little(UInt32.self, at: at + 4),
        let third = try? node.little(UInt32.self, at: at + 8)
      else { return false }
      if depth == 0 {
        let raw = second & 0xFFFF
        let count = UInt64(raw > 0x8000 ? raw - 0x8000 : raw)
        let physical = UInt64(second >> 16) << 32 | UInt64(third)
        guard count > 0, layout.isBlock(physical), layout.isBlock(physical + count - 1),
          runs.count < Self.mostRuns,
          runs.last.map({ $0.logical + $0.count <= UInt64(logical) }) ?? true
        else { return false }
        runs.append(
          BlockRun(
            logical: UInt64(logical), physical: physical, count: count, isUnwritten: raw > 0x8000))
      } else {
        let child = UInt64(third & 0xFFFF) << 32 | UInt64(second)
        guard layout.isBlock(child), append(child, depth: depth - 1, into: &runs) else {
          return false
        }
      }
    }
    return true
  }

  private func append(_ child: UInt64, depth: UInt16, into runs: inout [BlockRun]) -> Bool {
    let before = runs.count
    for version in versions(child) {
      if extents(version, depth: depth, into: &runs) { return true }
      runs.removeSubrange(before...)
    }
    return false
  }

  /// Twelve direct pointers, then blocks of pointers of one, two and three levels.
  private func pointers(_ inode: Inode, into runs: inout [BlockRun]) -> Bool {
    let blocks =
      (inode.size.rawValue / layout.blockSize)
      + (inode.size.rawValue % layout.blockSize == 0 ? 0 : 1)
    let map = inode.map
    let perBlock = layout.blockSize / 4
    for index in 0..<12 {
      guard let pointer = try? map.little(UInt32.self, at: 4 * index),
        follow(pointer, level: 0, from: UInt64(index), end: blocks, into: &runs)
      else { return false }
    }
    var first: UInt64 = 12
    var reach = perBlock
    for level in 1...3 {
      guard let pointer = try? map.little(UInt32.self, at: 44 + 4 * level),
        follow(pointer, level: level, from: first, end: blocks, into: &runs)
      else { return false }
      first += reach
      reach *= perBlock
    }
    return true
  }

  private func follow(
    _ pointer: UInt32, level: Int, from logical: UInt64, end: UInt64, into runs: inout [BlockRun]
  ) -> Bool {
    guard logical < end, pointer != 0 else { return true }
    guard layout.isBlock(UInt64(pointer)), runs.count < Self.mostRuns else { return false }
    if level == 0 {
      append(BlockRun(logical: logical, physical: UInt64(pointer), count: 1), to: &runs)
      return true
    }
    let perBlock = layout.blockSize / 4
    let reach = (1..<level).reduce(1) { reach, _ in reach * perBlock }
    let before = runs
    for version in versions(UInt64(pointer)) {
      if pointers(version, level: level, from: logical, reach: reach, end: end, into: &runs) {
        return true
      }
      runs = before
    }
    return false
  }

  private func pointers(
    _ block: [UInt8], level: Int, from logical: UInt64, reach: UInt64, end: UInt64,
    into runs: inout [BlockRun]
  ) -> Bool {
    guard block.contains(where: { $0 != 0 }) else { return false }
    for index in 0..<UInt64(clamping: block.count / 4) {
      let start = logical + index * reach
      guard start < end else { return true }
      guard let child = try? block.little(UInt32.self, at: Int(clamping: 4 * index)),
        follow(child, level: level - 1, from: start, end: end, into: &runs)
      else { return false }
    }
    return true
  }

  private func append(_ run: BlockRun, to runs: inout [BlockRun]) {
    if let last = runs.last, last.logical + last.count == run.logical,
      last.physical + last.count == run.physical
    {
      runs[runs.count - 1].count += run.count
    } else {
      runs.append(run)
    }
  }
}
