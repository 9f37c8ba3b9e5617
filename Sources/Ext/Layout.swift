// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A volume's geometry: where blocks, groups and inodes lie in its source.
struct Layout: Sendable {
  let superblock: Superblock
  /// Of the groups that the source holds, though it may end before the volume does.
  let groups: [GroupDescriptor]
  /// Inode tables by their first block, to find whose inodes a block holds.
  private let tables: [(block: UInt64, group: UInt64)]

  var blockSize: UInt64 { superblock.blockSize }
  var blockBytes: Int { Int(truncatingIfNeeded: superblock.blockSize) }
  /// How many blocks an inode table takes.
  var tableBlocks: UInt64 {
    (UInt64(superblock.inodesPerGroup) * UInt64(superblock.inodeSize) + blockSize - 1) / blockSize
  }

  /// Reads the group descriptors from beside the superblock that was found.
  init(_ superblock: Superblock, in source: Source) throws {
    self.superblock = superblock
    let blocks = source.length.rawValue / superblock.blockSize
    let count = min(superblock.groupCount, blocks / superblock.blocksPerGroup + 1)
    let size = superblock.descriptorSize
    let perBlock = superblock.blockSize / size
    var groups: [GroupDescriptor] = []
    var block: [UInt8] = []
    for group in 0..<count {
      if group % perBlock == 0 {
        let number = Self.descriptorBlock(group / perBlock, of: superblock)
        block = try Self.descriptors(in: number, of: superblock, source, isFirst: group == 0)
      }
      let at = Int(truncatingIfNeeded: group % perBlock * size)
      groups.append(
        try GroupDescriptor(
          block.copy(at: at, count: Int(truncatingIfNeeded: size)), group: group, of: superblock))
    }
    self.groups = groups
    tables = groups.enumerated()
      .filter { $1.inodeTable > 0 && $1.inodeTable < superblock.blockCount }
      .map { (block: $1.inodeTable, group: UInt64($0)) }
      .sorted { ($0.block, $0.group) < ($1.block, $1.group) }
  }

  /// A block of descriptors; zeros for one that cannot be read, unless it is the first.
  private static func descriptors(
    in block: UInt64, of superblock: Superblock, _ source: Source, isFirst: Bool
  ) throws -> [UInt8] {
    do {
      return try source.read(
        at: ByteOffset(block * superblock.blockSize), count: ByteCount(superblock.blockSize))
    } catch {
      if isFirst { throw error }
      return [UInt8](repeating: 0, count: Int(truncatingIfNeeded: superblock.blockSize))
    }
  }

  private static func descriptorBlock(_ index: UInt64, of superblock: Superblock) -> UInt64 {
    let home = superblock.superblockBlock(of: UInt64(superblock.group))
    guard superblock.incompatible.contains(.metaGroups), index >= superblock.firstMetaGroup
    else { return home + 1 + index }
    let group = index * (superblock.blockSize / superblock.descriptorSize)
    return superblock.hasBackup(in: group)
      ? superblock.superblockBlock(of: group) + 1 : superblock.firstBlock(of: group)
  }

  func isBlock(_ number: UInt64) -> Bool {
    number >= superblock.firstDataBlock && number > 0 && number < superblock.blockCount
  }

  /// The bytes of blocks in the volume's source.
  func range(of blocks: Range<UInt64>) -> Range<ByteOffset> {
    let end = min(blocks.upperBound, superblock.blockCount)
    let start = min(blocks.lowerBound, end)
    return ByteOffset(start * blockSize)..<ByteOffset(end * blockSize)
  }

  /// Where an inode's record lies; nil for a number that does not exist.
  func offset(ofInode number: UInt32) -> ByteOffset? {
    guard number >= 1, number <= superblock.inodeCount else { return nil }
    let (group, index) = (number - 1).quotientAndRemainder(
      dividingBy: superblock.inodesPerGroup)
    guard Int(group) < groups.count, isBlock(groups[Int(group)].inodeTable) else { return nil }
    return ByteOffset(
      groups[Int(group)].inodeTable * blockSize + UInt64(index) * UInt64(superblock.inodeSize))
  }

  /// The number of the first inode in a block of an inode table; nil for other blocks.
  func firstInode(in block: UInt64) -> UInt32? {
    var low = 0
    var high = tables.count
    while low < high {
      let middle = (low + high) / 2
      if tables[middle].block <= block { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let table = tables[low - 1]
    let distance = block - table.block
    guard distance < tableBlocks else { return nil }
    let index =
      table.group * UInt64(superblock.inodesPerGroup)
      + distance * (blockSize / UInt64(superblock.inodeSize)) + 1
    return UInt32(exactly: index)
  }

  /// All blocks that hold the volume's own structures, by layout alone.
  var metadataBlocks: [Range<UInt64>] {
    var blocks: [Range<UInt64>] = []
    let descriptorBlocks =
      (superblock.groupCount * superblock.descriptorSize + blockSize - 1) / blockSize
    for (index, group) in groups.enumerated() {
      let number = UInt64(index)
      if superblock.hasBackup(in: number) {
        let first = superblock.superblockBlock(of: number)
        blocks.append(first..<first + 1 + descriptorBlocks)
      }
      for (start, count) in [
        (group.blockBitmap, 1), (group.inodeBitmap, 1), (group.inodeTable, tableBlocks),
      ] where isBlock(start) {
        blocks.append(start..<min(start + count, superblock.blockCount))
      }
    }
    return blocks
  }
}
