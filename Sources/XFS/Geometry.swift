// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where the numbers of a superblock's file system lie: block numbers and inode numbers are made of the
/// group's number and a number within the group.
struct Geometry: Sendable {
  let superblock: Superblock

  var blockSize: UInt64 { superblock.blockSize }

  /// The number of blocks of a group; the last one may be shorter.
  func length(ofGroup group: UInt64) -> UInt64 {
    let start = group &* superblock.groupBlocks
    guard group < superblock.groupCount, start < superblock.blockCount else { return 0 }
    return min(superblock.groupBlocks, superblock.blockCount - start)
  }

  /// The bytes of a group's blocks; nil for blocks that are not there.
  func range(ofGroup group: UInt64, blocks: Range<UInt64>) -> Range<ByteOffset>? {
    guard blocks.upperBound <= length(ofGroup: group) else { return nil }
    // Within the volume, whose length in bytes fits 62 bits.
    let base = group * superblock.groupBlocks
    return ByteOffset(
      (base + blocks.lowerBound) * blockSize)..<ByteOffset((base + blocks.upperBound) * blockSize)
  }

  /// The bytes of `count` blocks from a block number on; nil where they are not all in one group.
  func range(ofBlock block: UInt64, count: UInt64) -> Range<ByteOffset>? {
    let inGroup = block & ((1 << superblock.groupShift) - 1)
    guard count > 0, count <= superblock.groupBlocks else { return nil }
    return range(ofGroup: block >> superblock.groupShift, blocks: inGroup..<inGroup + count)
  }

  /// The bytes of an inode; nil for a number that there is not.
  func range(ofInode number: UInt64) -> Range<ByteOffset>? {
    let block = number >> superblock.inodeShift
    let index = number & ((1 << superblock.inodeShift) - 1)
    guard block & ((1 << superblock.groupShift) - 1) > 0,
      let range = range(ofBlock: block, count: 1)
    else { return nil }
    let start = range.lowerBound.rawValue + index * superblock.inodeSize
    return ByteOffset(start)..<ByteOffset(start + superblock.inodeSize)
  }

  /// The number of the inode that starts at a place in the volume; nil where none can start.
  func inode(at offset: ByteOffset) -> UInt64? {
    let (block, rest) = offset.rawValue.quotientAndRemainder(dividingBy: blockSize)
    guard rest % superblock.inodeSize == 0, let number = number(ofBlockAt: block) else {
      return nil
    }
    return number << superblock.inodeShift | rest / superblock.inodeSize
  }

  /// The number of a block, counted through the whole volume, as the volume itself writes it.
  func number(ofBlockAt position: UInt64) -> UInt64? {
    guard position < superblock.blockCount else { return nil }
    let (group, block) = position.quotientAndRemainder(dividingBy: superblock.groupBlocks)
    return group << superblock.groupShift | block
  }
}
