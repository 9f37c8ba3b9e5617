// SPDX-License-Identifier: Apache-2.0

import Bytes
import CExt2FS

/// What libext2fs makes of a volume's superblock and descriptors: a second opinion on our own
/// reading. Its bitmap functions are never called: they write beyond their buffers on lightly
/// damaged volumes.
struct LibraryGeometry: Equatable {
  let blockSize: UInt64
  let clusterSize: UInt64
  let blockCount: UInt64
  let inodeCount: UInt32
  let inodeSize: Int
  /// What metadata checksums start from; nil without such checksums.
  let seed: UInt32?
  /// The first block of each group's inode table.
  let inodeTables: [UInt64]

  /// The library holds all descriptors in memory: more than this of them it is not asked for.
  private static let mostDescriptorBytes: UInt64 = 0x1000_0000

  /// Opens the volume by the superblock that `layout` was read from; nil where the library refuses.
  init?(_ layout: Layout, in source: Source) {
    let superblock = layout.superblock
    guard superblock.groupCount * superblock.descriptorSize <= Self.mostDescriptorBytes,
      UInt64(layout.groups.count) == superblock.groupCount
    else { return nil }
    let channel = LibraryChannel(source)
    let flags =
      EXT2_FLAG_64BITS | EXT2_FLAG_SOFTSUPP_FEATURES | EXT2_FLAG_IGNORE_CSUM_ERRORS
    let isPrimary = superblock.group == 0
    let place = superblock.firstBlock(of: UInt64(superblock.group))
    var handle: ext2_filsys?
    let result = unsafe ext2fs_open2(
      channel.name, nil, CInt(flags), isPrimary ? 0 : CInt(clamping: place),
      isPrimary ? 0 : CUnsignedInt(clamping: superblock.blockSize), LibraryManager.shared.pointer,
      &handle)
    guard result == 0, let handle = unsafe handle, let record = unsafe handle.pointee.super else {
      return nil
    }
    // `ext2fs_close` may flush; freeing only frees.
    defer {
      unsafe ext2fs_free(handle)
      extendLifetime(channel)
    }
    blockSize = unsafe UInt64(handle.pointee.blocksize)
    clusterSize = unsafe blockSize << UInt64(clamping: handle.pointee.cluster_ratio_bits)
    blockCount = unsafe ext2fs_blocks_count(record)
    inodeCount = unsafe record.pointee.s_inodes_count
    inodeSize = unsafe record.pointee.s_rev_level == 0 ? 128 : Int(record.pointee.s_inode_size)
    seed =
      superblock.readOnlyCompatible.contains(.metadataChecksums)
      ? unsafe handle.pointee.csum_seed : nil
    inodeTables = unsafe (0..<handle.pointee.group_desc_count).map {
      unsafe ext2fs_inode_table_loc(handle, $0)
    }
  }

  /// Our own reading, in the same terms.
  init(_ layout: Layout) {
    let superblock = layout.superblock
    blockSize = superblock.blockSize
    clusterSize = superblock.clusterSize
    blockCount = superblock.blockCount
    inodeCount = superblock.inodeCount
    inodeSize = superblock.inodeSize
    seed =
      superblock.readOnlyCompatible.contains(.metadataChecksums) ? superblock.seed : nil
    inodeTables = layout.groups.map(\.inodeTable)
  }
}
