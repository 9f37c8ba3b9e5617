// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The superblock: 4,096 bytes at 64 KiB, with mirrors at 64 MiB and 256 GiB.
///
///     0x00  32   checksum of what follows   0x20  16   id of the file system
///     0x30  u64  its own place, in bytes    0x40  8    "_BHRfS_M"
///     0x48  u64  generation                 0x50  u64  address of the root tree
///     0x58  u64  address of the chunk tree  0x60  u64  address of the log of fsync
///     0x70  u64  bytes in all               0x78  u64  bytes in use
///     0x88  u64  devices                    0x90  u32  sector size
///     0x94  u32  node size                  0xA0  u32  length of the system chunks
///     0xA4  u64  chunk tree's generation    0xBC  u64  incompatible features
///     0xC4  u16  kind of checksum           0xC6  u8   level of the root tree
///     0xC7  u8   level of the chunk tree    0xC9  u64  this device's number
///     0xD1  u64  this device's bytes        0x12B 256  label
///     0x23B 16   id in nodes, where another 0x32B 2048 system chunks: keys and chunks in turn
///     0xB2B 4×168 backups of roots
///
/// - Source: Linux, include/uapi/linux/btrfs_tree.h, `struct btrfs_super_block`.
struct Superblock: Sendable, Equatable {
  struct Features: OptionSet, Sendable {
    let rawValue: UInt64
    static let mixedGroups = Self(rawValue: 0x4)
    static let noHoles = Self(rawValue: 0x200)
    static let metadataID = Self(rawValue: 0x400)
    static let raid1c34 = Self(rawValue: 0x800)
    static let zoned = Self(rawValue: 0x1000)
    static let extentTree2 = Self(rawValue: 0x2000)
    static let stripeTree = Self(rawValue: 0x4000)
  }

  static let size: ByteCount = 4096
  /// Where superblocks stand, from the start of the device.
  static let places: [ByteOffset] = [0x1_0000, 0x400_0000, 0x40_0000_0000]

  let id: [UInt8]
  /// What nodes carry as their file system's.
  let nodeID: [UInt8]
  let place: ByteOffset
  let generation: UInt64
  let rootTree: TreeRoot
  let chunkTree: TreeRoot
  let hasLog: Bool
  let deviceCount: UInt64
  let sectorSize: ByteCount
  let nodeSize: ByteCount
  let features: Features
  let checksum: ChecksumKind
  let device: UInt64
  let deviceLength: ByteCount
  let label: String
  let systemChunks: [UInt8]
  /// Root trees of the last transactions, the newest first.
  let backups: [TreeRoot]

  /// What is known of a file system whose superblocks are gone, by another that was made in its place
  /// with the same settings.
  init(_ other: Superblock, id: [UInt8], device: UInt64) {
    self.id = id
    nodeID = id
    place = other.place
    generation = .max
    rootTree = TreeRoot(address: 0, generation: 0, level: 0)
    chunkTree = rootTree
    hasLog = false
    deviceCount = 1
    sectorSize = other.sectorSize
    nodeSize = other.nodeSize
    features = other.features
    checksum = other.checksum
    self.device = device
    deviceLength = other.deviceLength
    label = ""
    systemChunks = []
    backups = []
  }

  /// Reads and checks a superblock; nil where none stands.
  ///
  /// Throws `Unsupported` for a kind of checksum that nobody knows.
  init?(_ bytes: [UInt8]) throws {
    guard bytes.count >= 4096, bytes.holds(Array("_BHRfS_M".utf8), at: 0x40) else { return nil }
    guard let kind = ChecksumKind(rawValue: try bytes.little(UInt16.self, at: 0xC4)) else {
      throw Unsupported("a Btrfs of an unknown kind of checksum")
    }
    guard bytes.withSpan({ kind.holds(over: $0.extracting(0x20..<4096), stored: bytes) }) else {
      return nil
    }
    func number(_ at: Int) throws -> UInt64 { try bytes.little(UInt64.self, at: at) }
    checksum = kind
    features = Features(rawValue: try number(0xBC))
    id = try bytes.copy(at: 0x20, count: 16)
    nodeID = features.contains(.metadataID) ? try bytes.copy(at: 0x23B, count: 16) : id
    place = ByteOffset(try number(0x30))
    generation = try number(0x48)
    rootTree = TreeRoot(
      address: ByteOffset(try number(0x50)), generation: generation,
      level: try bytes.little(UInt8.self, at: 0xC6))
    chunkTree = TreeRoot(
      address: ByteOffset(try number(0x58)), generation: try number(0xA4),
      level: try bytes.little(UInt8.self, at: 0xC7))
    hasLog = try number(0x60) != 0
    deviceCount = try number(0x88)
    let sector = try bytes.little(UInt32.self, at: 0x90)
    let node = try bytes.little(UInt32.self, at: 0x94)
    guard sector.nonzeroBitCount == 1, (4096...0x1_0000).contains(sector),
      node.nonzeroBitCount == 1, node >= sector, node <= 0x1_0000
    else { return nil }
    sectorSize = ByteCount(UInt64(sector))
    nodeSize = ByteCount(UInt64(node))
    device = try number(0xC9)
    deviceLength = ByteCount(try number(0xD1))
    label = String(
      decoding: try bytes.copy(at: 0x12B, count: 256).prefix { $0 != 0 }, as: UTF8.self)
    let length = try bytes.little(UInt32.self, at: 0xA0)
    guard length <= 2048 else { return nil }
    systemChunks = try bytes.copy(at: 0x32B, count: Int(length))
    let newest = generation
    backups = try (0..<4).map { index in
      let at = 0xB2B + 168 * index
      return TreeRoot(
        address: ByteOffset(try number(at)), generation: try number(at + 8),
        level: try bytes.little(UInt8.self, at: at + 152))
    }.filter { $0.address > 0 && $0.generation <= newest }
      .sorted { $0.generation > $1.generation }
  }
}
