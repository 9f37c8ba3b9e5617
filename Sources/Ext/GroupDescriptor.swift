// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where a block group keeps its maps and inodes.
///
///     0x00  u32  block bitmap, low    0x20  u32  high
///     0x04  u32  inode bitmap, low    0x24  u32  high
///     0x08  u32  inode table, low     0x28  u32  high
///     0x12  u16  flags (2: block bitmap never written, 4: inode table zeroed)
///     0x18  u16  block bitmap's CRC-32C, low; 0x38 high
///     0x1C  u16  unused inodes, low   0x32  u16  high
///     0x1E  u16  checksum
///
/// - Source: Linux, Documentation/filesystems/ext4/group_descr.rst.
struct GroupDescriptor: Sendable {
  let blockBitmap: UInt64
  let inodeBitmap: UInt64
  let inodeTable: UInt64
  /// The block bitmap was never written: what is in use follows from the layout.
  let isBlockBitmapComputed: Bool
  /// The whole inode table was written by this file system, so that nothing older stands in it.
  let isInodeTableZeroed: Bool
  /// Inodes at the end of the table that were never used.
  let unusedInodes: UInt32
  let blockBitmapChecksum: UInt32
  let hasWideChecksum: Bool
  let checksumHolds: Bool

  init(_ bytes: [UInt8], group: UInt64, of superblock: Superblock) throws {
    let isWide = superblock.descriptorSize >= 64
    func number(_ low: Int, _ high: Int) throws -> UInt64 {
      UInt64(try bytes.little(UInt32.self, at: low))
        | (isWide ? UInt64(try bytes.little(UInt32.self, at: high)) << 32 : 0)
    }
    blockBitmap = try number(0, 0x20)
    inodeBitmap = try number(4, 0x24)
    inodeTable = try number(8, 0x28)
    let hasFlags =
      !superblock.readOnlyCompatible.isDisjoint(with: [.groupChecksums, .metadataChecksums])
    let flags = try hasFlags ? bytes.little(UInt16.self, at: 0x12) : 4
    isBlockBitmapComputed = flags & 2 == 2
    isInodeTableZeroed = flags & 4 == 4
    unusedInodes =
      hasFlags
      ? UInt32(try bytes.little(UInt16.self, at: 0x1C))
        | (isWide ? UInt32(try bytes.little(UInt16.self, at: 0x32)) << 16 : 0) : 0
    hasWideChecksum = isWide
    blockBitmapChecksum =
      UInt32(try bytes.little(UInt16.self, at: 0x18))
      | (isWide ? UInt32(try bytes.little(UInt16.self, at: 0x38)) << 16 : 0)
    if superblock.readOnlyCompatible.contains(.metadataChecksums) {
      var sealed = bytes
      sealed[0x1E] = 0
      sealed[0x1F] = 0
      let crc = ExtChecksum.crc(
        ExtChecksum.crc(superblock.seed, UInt32(truncatingIfNeeded: group)), sealed)
      checksumHolds = try UInt16(truncatingIfNeeded: crc) == bytes.little(UInt16.self, at: 0x1E)
    } else {
      checksumHolds = true
    }
  }
}
