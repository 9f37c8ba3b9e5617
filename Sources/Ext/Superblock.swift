// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

/// The superblock of ext2, ext3 or ext4: 1,024 bytes at 1,024, copies in some block groups.
///
///     0x00  u32  inodes            0x04  u32  blocks, low half
///     0x14  u32  first data block  0x18  u32  log2(block size) - 10
///     0x1C  u32  log2(cluster size) - 10
///     0x20  u32  blocks a group    0x24  u32  clusters a group
///     0x28  u32  inodes a group    0x38  u16  0xEF53
///     0x3A  u16  state (1: clean)  0x4C  u32  revision
///     0x54  u32  first inode       0x58  u16  inode size
///     0x5A  u16  this copy's group 0x5C  u32  compatible features
///     0x60  u32  incompatible      0x64  u32  read-only compatible
///     0x68  u8×16 UUID             0x78  c×16 label
///     0xE0  u32  journal inode     0xFE  u16  descriptor size
///     0x104 u32  first meta group  0x150 u32  blocks, high half
///     0x270 u32  checksum seed     0x3FC u32  CRC-32C
///
/// - Source: Linux, Documentation/filesystems/ext4/super.rst.
struct Superblock: Sendable {
  struct Features: OptionSet, Sendable {
    let rawValue: UInt32
    // Incompatible.
    static let fileType = Self(rawValue: 0x2)
    static let needsRecovery = Self(rawValue: 0x4)
    static let journalDevice = Self(rawValue: 0x8)
    static let metaGroups = Self(rawValue: 0x10)
    static let extents = Self(rawValue: 0x40)
    static let wide = Self(rawValue: 0x80)
    static let checksumSeed = Self(rawValue: 0x2000)
    static let inlineData = Self(rawValue: 0x8000)
    static let encryption = Self(rawValue: 0x1_0000)
    // Read-only compatible.
    static let sparseSuper = Self(rawValue: 0x1)
    static let groupChecksums = Self(rawValue: 0x10)
    static let bigAllocation = Self(rawValue: 0x200)
    static let metadataChecksums = Self(rawValue: 0x400)
    // Compatible.
    static let hasJournal = Self(rawValue: 0x4)
    static let sparseSuper2 = Self(rawValue: 0x200)
  }

  /// Where a superblock starts that is no backup.
  static let offset: ByteOffset = 1024

  let inodeCount: UInt32
  let blockCount: UInt64
  let firstDataBlock: UInt64
  let blockSize: UInt64
  let clusterSize: UInt64
  let blocksPerGroup: UInt64
  let inodesPerGroup: UInt32
  let inodeSize: Int
  let firstInode: UInt32
  let group: UInt16
  let isClean: Bool
  let compatible: Features
  let incompatible: Features
  let readOnlyCompatible: Features
  let uuid: [UInt8]
  let label: String
  let journalInode: UInt32
  let descriptorSize: UInt64
  let firstMetaGroup: UInt64
  let descriptorBackups: (UInt32, UInt32)
  /// What every metadata checksum starts from.
  let seed: UInt32
  let checksumHolds: Bool

  /// Reads and checks a superblock; nil where none stands.
  init?(_ bytes: [UInt8]) throws {
    guard bytes.count >= 1024, try bytes.little(UInt16.self, at: 0x38) == 0xEF53 else { return nil }
    func number(_ at: Int) throws -> UInt32 { try bytes.little(UInt32.self, at: at) }
    let shift = try number(0x18)
    guard shift <= 6 else { return nil }
    blockSize = 1024 << UInt64(shift)
    let revision = try number(0x4C)
    compatible = Features(rawValue: revision == 0 ? 0 : try number(0x5C))
    incompatible = Features(rawValue: revision == 0 ? 0 : try number(0x60))
    readOnlyCompatible = Features(rawValue: revision == 0 ? 0 : try number(0x64))
    let clusterShift = try number(0x1C)
    guard !readOnlyCompatible.contains(.bigAllocation) || (shift...20).contains(clusterShift)
    else { return nil }
    clusterSize =
      readOnlyCompatible.contains(.bigAllocation) ? 1024 << UInt64(clusterShift) : blockSize
    inodeCount = try number(0)
    let isWide = incompatible.contains(.wide)
    blockCount =
      UInt64(try number(4)) | (isWide ? UInt64(try number(0x150)) << 32 : 0)
    firstDataBlock = UInt64(try number(0x14))
    blocksPerGroup = UInt64(try number(0x20))
    inodesPerGroup = try number(0x28)
    inodeSize = revision == 0 ? 128 : Int(try bytes.little(UInt16.self, at: 0x58))
    firstInode = revision == 0 ? 11 : try number(0x54)
    group = try bytes.little(UInt16.self, at: 0x5A)
    isClean = try bytes.little(UInt16.self, at: 0x3A) & 1 == 1
    uuid = try bytes.copy(at: 0x68, count: 16)
    label = String(decoding: try bytes.copy(at: 0x78, count: 16).prefix { $0 != 0 }, as: UTF8.self)
    journalInode = try number(0xE0)
    let size = UInt64(try bytes.little(UInt16.self, at: 0xFE))
    descriptorSize = isWide && size >= 64 ? size : 32
    firstMetaGroup = UInt64(try number(0x104))
    descriptorBackups = (try number(0x24C), try number(0x250))
    seed =
      incompatible.contains(.checksumSeed)
      ? try number(0x270) : ExtChecksum.crc(0xFFFF_FFFF, uuid)
    checksumHolds =
      try !readOnlyCompatible.contains(.metadataChecksums)
      || ExtChecksum.crc(0xFFFF_FFFF, Array(bytes[..<0x3FC])) == number(0x3FC)
    let perBlock = blockSize * 8
    guard blockCount > firstDataBlock, firstDataBlock <= 1, blockCount < (1 << 62) / blockSize,
      blocksPerGroup >= 256, blocksPerGroup <= perBlock * (clusterSize / blockSize),
      blocksPerGroup % (clusterSize / blockSize) == 0,
      inodesPerGroup > 0, UInt64(inodesPerGroup) <= perBlock, inodeCount >= 11,
      inodeSize >= 128, UInt64(inodeSize) <= blockSize, inodeSize & (inodeSize - 1) == 0,
      descriptorSize & (descriptorSize - 1) == 0, descriptorSize <= blockSize
    else { return nil }
  }

  var groupCount: UInt64 {
    (blockCount - firstDataBlock + blocksPerGroup - 1) / blocksPerGroup
  }

  /// The first block of a group.
  func firstBlock(of group: UInt64) -> UInt64 { firstDataBlock + group * blocksPerGroup }

  /// The block of a group's copy of the superblock, where it has one: its first, unless that is the
  /// boot block.
  func superblockBlock(of group: UInt64) -> UInt64 {
    max(firstBlock(of: group), Superblock.offset.rawValue / blockSize)
  }

  /// Whether a group holds a copy of the superblock and the descriptors.
  func hasBackup(in group: UInt64) -> Bool {
    if group == 0 { return true }
    if compatible.contains(.sparseSuper2) {
      return group == UInt64(descriptorBackups.0) || group == UInt64(descriptorBackups.1)
    }
    guard readOnlyCompatible.contains(.sparseSuper), group > 1 else { return true }
    return ([3, 5, 7] as [UInt64]).contains { base in
      var power = base
      while power < group { power *= base }
      return power == group
    }
  }

  var kind: String {
    let ext4: Features = [.extents, .wide, .metaGroups, .inlineData, .checksumSeed]
    if !incompatible.isDisjoint(with: ext4)
      || !readOnlyCompatible.isDisjoint(with: [.groupChecksums, .metadataChecksums, .bigAllocation])
    {
      return "ext4"
    }
    return compatible.contains(.hasJournal) ? "ext3" : "ext2"
  }
}
