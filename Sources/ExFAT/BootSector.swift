// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The first sector of an exFAT volume, which says where everything else lies.
///
/// | Offset | Size | Field                   | Unit                        |
/// |-------:|-----:|-------------------------|-----------------------------|
/// |   0x03 |    8 | name                    | `EXFAT   `                  |
/// |   0x0B |   53 | must be zero            |                             |
/// |   0x48 |    8 | volume length           | sectors                     |
/// |   0x50 |    4 | FAT offset              | sectors                     |
/// |   0x54 |    4 | FAT length              | sectors                     |
/// |   0x58 |    4 | cluster heap offset     | sectors                     |
/// |   0x5C |    4 | cluster count           |                             |
/// |   0x60 |    4 | root directory          | cluster                     |
/// |   0x6A |    2 | volume flags            | bit 0: second FAT in force  |
/// |   0x6C |    1 | sector size             | power of two, 9 to 12       |
/// |   0x6D |    1 | sectors per cluster     | power of two                |
/// |   0x6E |    1 | number of FATs          | 1 or 2                      |
/// |  0x1FE |    2 | signature               | 55 AA                       |
///
/// - Source: Microsoft, *exFAT File System Specification* 1.00, 3.1 "Main and Backup Boot Sector".
struct BootSector: Equatable, Sendable {
  let volumeLength: UInt64
  let sectorSize: UInt64
  let clusterSize: UInt64
  /// Where the FAT in force starts, and its length, in bytes.
  let tableStart: UInt64
  let tableLength: UInt64
  let heapStart: UInt64
  let rootCluster: UInt32
  /// One behind the last cluster's number.
  let clusterEnd: UInt32
  /// Whether the second FAT and bitmap are the ones in force.
  let usesSecond: Bool

  init(parsing bytes: [UInt8]) throws {
    func refuse(_ problem: String, _ offset: ByteOffset) -> Malformed {
      Malformed("exFAT boot sector", problem, at: offset)
    }
    guard bytes.holds(Array("EXFAT   ".utf8), at: 3) else { throw refuse("no name", 3) }
    guard try bytes.little(UInt16.self, at: 0x1FE) == 0xAA55 else {
      throw refuse("no signature", 0x1FE)
    }
    guard try bytes.copy(at: 0x0B, count: 53).allSatisfy({ $0 == 0 }) else {
      throw refuse("fields of FAT are in use", 0x0B)
    }
    let sectorShift = try bytes.little(UInt8.self, at: 0x6C)
    let clusterShift = try bytes.little(UInt8.self, at: 0x6D)
    guard (9...12).contains(sectorShift) else { throw refuse("sector size", 0x6C) }
    guard clusterShift <= 25 - sectorShift else { throw refuse("cluster size", 0x6D) }
    let sector = UInt64(1) << UInt64(sectorShift)
    sectorSize = sector
    clusterSize = sector << UInt64(clusterShift)
    let (length, overflow) = try bytes.little(UInt64.self, at: 0x48)
      .multipliedReportingOverflow(by: sector)
    guard !overflow, length > 0, length < 1 << 62 else { throw refuse("volume length", 0x48) }
    volumeLength = length
    // Sectors of at most 4096 bytes, counted in 32 bits: no product here can overflow.
    let table = UInt64(try bytes.little(UInt32.self, at: 0x50)) &* sector
    let tableBytes = UInt64(try bytes.little(UInt32.self, at: 0x54)) &* sector
    let heap = UInt64(try bytes.little(UInt32.self, at: 0x58)) &* sector
    let clusters = try bytes.little(UInt32.self, at: 0x5C)
    let count = try bytes.little(UInt8.self, at: 0x6E)
    let flags = try bytes.little(UInt16.self, at: 0x6A)
    guard count == 1 || count == 2 else { throw refuse("number of FATs", 0x6E) }
    guard table >= 24 &* sector else { throw refuse("FAT offset", 0x50) }
    guard clusters > 0, clusters <= 0xFFFF_FFF5 else { throw refuse("cluster count", 0x5C) }
    guard tableBytes >= (UInt64(clusters) &+ 2) &* 4 else { throw refuse("FAT length", 0x54) }
    guard heap >= table &+ tableBytes &* UInt64(count) else { throw refuse("cluster heap", 0x58) }
    guard heap < length, (length &- heap) / clusterSize >= UInt64(clusters) else {
      throw refuse("cluster count", 0x5C)
    }
    usesSecond = count == 2 && flags & 1 == 1
    tableStart = usesSecond ? table &+ tableBytes : table
    tableLength = tableBytes
    heapStart = heap
    clusterEnd = clusters &+ 2
    rootCluster = try bytes.little(UInt32.self, at: 0x60)
    guard rootCluster >= 2, rootCluster < clusterEnd else { throw refuse("root cluster", 0x60) }
  }

  func contains(_ cluster: UInt32) -> Bool { cluster >= 2 && cluster < clusterEnd }

  /// Where a cluster starts in the volume; the caller has checked its number.
  func offset(of cluster: UInt32) -> UInt64 {
    heapStart &+ UInt64(cluster &- 2) &* clusterSize
  }

  /// The cluster that holds an offset of the volume; nil outside of the heap.
  func cluster(at offset: UInt64) -> UInt32? {
    guard offset >= heapStart, let cluster = UInt32(exactly: (offset &- heapStart) / clusterSize),
      cluster < clusterEnd &- 2
    else { return nil }
    return cluster &+ 2
  }

  /// The clusters that `size` bytes take, as many as there can be at most.
  func clusters(for size: UInt64) -> UInt32 {
    let whole = size / clusterSize
    return UInt32(clamping: size % clusterSize == 0 ? whole : whole &+ 1)
  }
}
