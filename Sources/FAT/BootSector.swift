// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The first sector of a FAT volume, which says where everything else lies.
///
/// | Offset | Size | Field                 | Unit                                   |
/// |-------:|-----:|-----------------------|----------------------------------------|
/// |   0x0B |    2 | sector size           | bytes, 512 to 4096                     |
/// |   0x0D |    1 | cluster size          | sectors, a power of two                |
/// |   0x0E |    2 | reserved area         | sectors                                |
/// |   0x10 |    1 | number of FATs        |                                        |
/// |   0x11 |    2 | root directory        | entries; 0 on FAT32                    |
/// |   0x13 |    2 | size, if below 65536  | sectors                                |
/// |   0x15 |    1 | media                 | 0xF0, or 0xF8 to 0xFF                  |
/// |   0x16 |    2 | size of a FAT         | sectors; 0 on FAT32                    |
/// |   0x20 |    4 | size                  | sectors                                |
/// |   0x24 |    4 | size of a FAT, FAT32  | sectors                                |
/// |   0x28 |    2 | flags, FAT32          | bit 7: only the FAT in bits 0-3 counts |
/// |   0x2C |    4 | root, FAT32           | cluster                                |
/// |  0x1FE |    2 | signature             | 55 AA                                  |
///
/// - Source: Microsoft, *FAT32 File System Specification* 1.03, "Boot Sector and BPB".
struct BootSector: Equatable, Sendable {
  enum Kind: UInt64, Sendable { case fat12 = 12, fat16 = 16, fat32 = 32 }

  let kind: Kind
  let sectorSize: UInt64
  let clusterSize: UInt64
  let media: UInt8
  /// Where each FAT starts, the one to believe first.
  let tables: [UInt64]
  let tableLength: UInt64
  /// The root directory of FAT12 and FAT16; empty on FAT32.
  let rootStart: UInt64
  let rootLength: UInt64
  let rootCluster: UInt32
  let dataStart: UInt64
  /// One behind the last cluster's number.
  let clusterEnd: UInt32

  init(parsing bytes: [UInt8]) throws {
    func refuse(_ problem: String, _ offset: ByteOffset) -> Malformed {
      Malformed("FAT boot sector", problem, at: offset)
    }
    guard try bytes.little(UInt16.self, at: 0x1FE) == 0xAA55 else {
      throw refuse("no signature", 0x1FE)
    }
    let sector = UInt64(try bytes.little(UInt16.self, at: 0x0B))
    guard [512, 1024, 2048, 4096].contains(sector) else { throw refuse("sector size", 0x0B) }
    let perCluster = UInt64(try bytes.little(UInt8.self, at: 0x0D))
    guard perCluster.nonzeroBitCount == 1 else { throw refuse("cluster size", 0x0D) }
    let reserved = UInt64(try bytes.little(UInt16.self, at: 0x0E))
    guard reserved > 0 else { throw refuse("no reserved sector", 0x0E) }
    let count = UInt64(try bytes.little(UInt8.self, at: 0x10))
    guard (1...4).contains(count) else { throw refuse("number of FATs", 0x10) }
    media = try bytes.little(UInt8.self, at: 0x15)
    guard media == 0xF0 || media >= 0xF8 else { throw refuse("media", 0x15) }
    let rootEntries = UInt64(try bytes.little(UInt16.self, at: 0x11))
    let shortTable = UInt64(try bytes.little(UInt16.self, at: 0x16))
    let shortTotal = UInt64(try bytes.little(UInt16.self, at: 0x13))
    let total = shortTotal > 0 ? shortTotal : UInt64(try bytes.little(UInt32.self, at: 0x20))
    let isLarge = shortTable == 0
    let tableSectors = isLarge ? UInt64(try bytes.little(UInt32.self, at: 0x24)) : shortTable
    guard tableSectors > 0 else { throw refuse("no FAT", 0x16) }
    guard isLarge == (rootEntries == 0) else { throw refuse("root directory", 0x11) }
    // All sizes so far are below 2^32 sectors of at most 4096 bytes: no sum here can overflow.
    let rootSectors = (rootEntries &* 32 &+ sector &- 1) / sector
    let dataSector = reserved &+ count &* tableSectors &+ rootSectors
    guard total > dataSector else { throw refuse("no room for data", 0x20) }
    let clusters = (total &- dataSector) / perCluster
    guard clusters > 0, clusters <= 0x0FFF_FFF5 else { throw refuse("cluster count", 0x20) }
    kind = isLarge ? .fat32 : clusters < 4085 ? .fat12 : .fat16
    guard kind != .fat16 || clusters <= 0xFFF5 else { throw refuse("cluster count", 0x20) }
    sectorSize = sector
    clusterSize = sector &* perCluster
    tableLength = tableSectors &* sector
    guard (clusters &+ 2) &* kind.rawValue <= tableLength &* 8 &+ 7 else {
      throw refuse("the FAT is too small", 0x24)
    }
    clusterEnd = UInt32(truncatingIfNeeded: clusters &+ 2)
    let length = tableLength
    let flags = isLarge ? UInt64(try bytes.little(UInt16.self, at: 0x28)) : 0
    let first = flags & 0x80 != 0 && flags & 0xF < count ? flags & 0xF : 0
    let order = [first] + (0..<count).filter { $0 != first }
    tables = order.map { reserved &* sector &+ $0 &* length }
    rootStart = (reserved &+ count &* tableSectors) &* sector
    rootLength = rootEntries &* 32
    rootCluster = isLarge ? try bytes.little(UInt32.self, at: 0x2C) & 0x0FFF_FFFF : 0
    guard !isLarge || (rootCluster >= 2 && rootCluster < clusterEnd) else {
      throw refuse("root cluster", 0x2C)
    }
    dataStart = dataSector &* sector
  }

  func contains(_ cluster: UInt32) -> Bool { cluster >= 2 && cluster < clusterEnd }

  /// Where a cluster starts in the volume; the caller has checked its number.
  func offset(of cluster: UInt32) -> UInt64 {
    dataStart &+ UInt64(cluster &- 2) &* clusterSize
  }

  /// The clusters that `size` bytes take.
  func clusters(for size: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: (UInt64(size) &+ clusterSize &- 1) / clusterSize)
  }
}
