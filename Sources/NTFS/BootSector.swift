// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The first sector of an NTFS volume; its backup is the sector behind the volume's last.
///
///     0x03  c×8  "NTFS    "            0x0B  u16  bytes a sector
///     0x0D  u8   sectors a cluster; above 128, a power of two: 2^(256 - n)
///     0x28  u64  sectors               0x30  u64  first cluster of $MFT
///     0x38  u64  first cluster of $MFTMirr
///     0x40  i8   clusters a record; below 0, a power of two of bytes: 2^-n
///     0x44  i8   clusters an index block, likewise
///     0x48  u64  serial number         0x1FE u16  0xAA55
///
/// - Source: Carrier, *File System Forensic Analysis*, ch. 13, "Boot Sector".
struct BootSector: Hashable, Sendable {
  let sectorSize: UInt64
  let clusterSize: UInt64
  let sectorCount: UInt64
  let tableCluster: UInt64
  let mirrorCluster: UInt64
  let recordSize: Int

  /// Reads and checks the sector; nil where there is none.
  init?(_ bytes: [UInt8]) {
    guard bytes.holds(Array("NTFS    ".utf8), at: 3), bytes.holds([0x55, 0xAA], at: 0x1FE),
      let size = try? bytes.little(UInt16.self, at: 0x0B),
      let perCluster = try? bytes.little(UInt8.self, at: 0x0D),
      let sectors = try? bytes.little(UInt64.self, at: 0x28),
      let table = try? bytes.little(UInt64.self, at: 0x30),
      let mirror = try? bytes.little(UInt64.self, at: 0x38),
      let record = try? bytes.little(Int8.self, at: 0x40),
      [512, 1024, 2048, 4096].contains(size), perCluster > 0
    else { return nil }
    sectorSize = UInt64(size)
    let count: UInt64
    if perCluster <= 128 {
      guard perCluster & (perCluster - 1) == 0 else { return nil }
      count = UInt64(perCluster)
    } else {
      guard perCluster >= 244 else { return nil }
      count = 1 << (256 - UInt64(perCluster))
    }
    clusterSize = sectorSize * count
    guard clusterSize <= Geometry.largestCluster, sectors > 0, sectors < 1 << 50 else {
      return nil
    }
    sectorCount = sectors
    tableCluster = table
    mirrorCluster = mirror
    let clusters = sectors / count
    guard table < clusters, mirror < clusters else { return nil }
    if record > 0 {
      let bytes = UInt64(record) * clusterSize
      guard (512...0x1_0000).contains(bytes), bytes & (bytes - 1) == 0 else { return nil }
      recordSize = Int(clamping: bytes)
    } else {
      guard (-16 ... -9).contains(record) else { return nil }
      recordSize = 1 << -Int(record)
    }
  }

  /// Bytes of the volume, without the backup of this sector behind it.
  var length: ByteCount { ByteCount(sectorCount * sectorSize) }

  var geometry: Geometry {
    Geometry(
      clusterSize: clusterSize, clusterCount: sectorCount * sectorSize / clusterSize,
      recordSize: recordSize)
  }
}
