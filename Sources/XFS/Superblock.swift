// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The superblock of an XFS file system: the first sector of each allocation group, of which the first
/// group's is the one in force.
///
///     0x00  u32  "XFSB"              0x04  u32  block size
///     0x08  u64  blocks              0x20  u8×16 UUID
///     0x30  u64  first block of the log (0: on another device)
///     0x38  u64  root inode          0x40  u64×2 inodes of the realtime device
///     0x54  u32  blocks a group      0x58  u32  groups
///     0x60  u32  blocks of the log   0x64  u16  version (low 4 bits) and features
///     0x66  u16  sector size         0x68  u16  inode size
///     0x6C  c×12 label               0x78  u8   log2(block size)
///     0x7B  u8   log2(inodes a block) 0x7C u8   log2(blocks a group), rounded up
///     0x7E  u8   being made          0xA0  u64×2 quota inodes
///     0xC0  u8   log2(blocks of a directory block)
///     0xC8  u32  more features (version 4)
///     0xD8  u32  incompatible features (version 5)
///     0xE0  u32  CRC-32C, little-endian 0xE8 u64 quota inode
///     0xF8  u8×16 UUID of the metadata, where it is not that of the volume
///
/// All numbers are big-endian.
///
/// - Source: *XFS Algorithms & Data Structures*, "Superblocks".
struct Superblock: Hashable, Sendable {
  let blockSize: UInt64
  let blockCount: UInt64
  let logStart: UInt64
  let logBlocks: UInt64
  let rootInode: UInt64
  /// Inodes that no directory lists: realtime bitmap and summary, quotas.
  let hiddenInodes: [UInt64]
  let groupBlocks: UInt64
  let groupCount: UInt64
  let version: UInt8
  let sectorSize: UInt64
  let inodeSize: UInt64
  let label: String
  /// log2 of how many inodes a block holds.
  let inodeShift: UInt64
  /// How many bits of a block number count within a group.
  let groupShift: UInt64
  let directoryBlockSize: UInt64
  /// Whether directory entries tell the type of what they name.
  let hasFileTypes: Bool
  /// What the metadata is stamped with (version 5).
  private(set) var uuid: [UInt8]
  /// What the log is stamped with: the UUID that the volume goes by, which can be changed.
  private(set) var logUUID: [UInt8]
  /// Set while the volume is being made; in the copies it stays.
  let isBeingMade: Bool
  /// Version 5 alone; true where there is none.
  let checksumHolds: Bool

  var hasChecksums: Bool { version == 5 }

  /// The most that a superblock's sector may hold.
  static let longest: ByteCount = 4096

  /// Reads a superblock from the start of its sector; nil where none stands or its numbers contradict
  /// each other.
  init?(_ bytes: [UInt8]) throws {
    guard bytes.count >= 512, bytes.holds(Array("XFSB".utf8), at: 0) else { return nil }
    func byte(_ at: Int) throws -> UInt64 { UInt64(try bytes.big(UInt8.self, at: at)) }
    func half(_ at: Int) throws -> UInt64 { UInt64(try bytes.big(UInt16.self, at: at)) }
    func word(_ at: Int) throws -> UInt64 { UInt64(try bytes.big(UInt32.self, at: at)) }
    func long(_ at: Int) throws -> UInt64 { try bytes.big(UInt64.self, at: at) }
    let flags = try half(0x64)
    version = UInt8(flags & 0xF)
    blockSize = try word(0x04)
    blockCount = try long(0x08)
    logStart = try long(0x30)
    logBlocks = try word(0x60)
    rootInode = try long(0x38)
    groupBlocks = try word(0x54)
    groupCount = try word(0x58)
    sectorSize = try half(0x66)
    inodeSize = try half(0x68)
    label = String(decoding: try bytes.copy(at: 0x6C, count: 12).prefix { $0 != 0 }, as: UTF8.self)
    inodeShift = try byte(0x7B)
    groupShift = try byte(0x7C)
    let directoryShift = try byte(0xC0)
    let blockShift = try byte(0x78)
    isBeingMade = try byte(0x7E) != 0
    guard version == 4 || version == 5,
      blockSize >= 512, blockSize <= 0x1_0000, blockShift < 17, 1 << blockShift == blockSize,
      sectorSize >= 512, sectorSize <= 0x8000, sectorSize & (sectorSize - 1) == 0,
      inodeSize >= 256, inodeSize <= 2048, inodeSize & (inodeSize - 1) == 0,
      inodeShift <= 8, inodeSize << inodeShift == blockSize,
      groupShift <= 32, groupBlocks >= 64, groupBlocks <= 1 << groupShift,
      groupShift == 0 || groupBlocks > 1 << (groupShift - 1),
      groupCount > 0, blockCount > 0,
      // No maker cuts groups of less than 16 MiB: thousands of tiny ones are damage.
      groupCount <= 16 || groupBlocks * blockSize >= 0x100_0000,
      blockCount <= groupBlocks * groupCount, blockCount > groupBlocks * (groupCount - 1),
      blockCount <= UInt64.max / 4 / blockSize,
      directoryShift <= 7, blockSize << directoryShift <= 0x1_0000
    else { return nil }
    directoryBlockSize = blockSize << directoryShift
    let features = try word(0xD8)
    let oldFeatures = try word(0xC8)
    hasFileTypes =
      version == 5 ? features & 1 != 0 : flags & 0x8000 != 0 && oldFeatures & 0x200 != 0
    uuid = try bytes.copy(at: version == 5 && features & 4 != 0 ? 0xF8 : 0x20, count: 16)
    logUUID = try bytes.copy(at: 0x20, count: 16)
    hiddenInodes = try [0x40, 0x48, 0xA0, 0xA8, 0xE8].map { try long($0) }
    checksumHolds =
      version == 4
      || (bytes.count >= Int(sectorSize)
        && Checksum.holds(Array(bytes.prefix(Int(sectorSize))), at: 0xE0))
  }

  /// The same numbers for a volume that lay in the same place before.
  func stamped(_ uuid: [UInt8]) -> Self {
    var result = self
    result.uuid = uuid
    result.logUUID = uuid
    return result
  }

  var byteCount: ByteCount { ByteCount(blockCount * blockSize) }
}
