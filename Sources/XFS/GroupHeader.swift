// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The header of an allocation group's free space, in its second sector.
///
///     0x00  u32  "XAGF"         0x08  u32  group
///     0x0C  u32  blocks         0x10  u32  root of the tree of free extents by place
///     0x1C  u32  its levels     0x28  u32  first and 0x2C last slot of the free list
///     0x30  u32  blocks in the free list
///     version 5: 0x40 u8×16 UUID; 0xD8 u32 CRC-32C
///
/// - Source: *XFS Algorithms & Data Structures*, "AG Free Space Block".
struct GroupHeader: Sendable {
  let group: UInt64
  let blocks: UInt64
  let freeRoot: UInt64
  let freeLevels: UInt64
  let listFirst: Int
  let listLast: Int
  let listCount: Int
  let uuid: [UInt8]
  private let bytes: [UInt8]

  /// - Parameter bytes: one sector.
  init?(_ bytes: [UInt8]) {
    func word(_ at: Int) throws -> UInt64 { UInt64(try bytes.big(UInt32.self, at: at)) }
    do {
      guard bytes.holds(Array("XAGF".utf8), at: 0), try word(4) == 1 else { return nil }
      group = try word(0x08)
      blocks = try word(0x0C)
      freeRoot = try word(0x10)
      freeLevels = try word(0x1C)
      listFirst = Int(clamping: try word(0x28))
      listLast = Int(clamping: try word(0x2C))
      listCount = Int(clamping: try word(0x30))
      uuid = try bytes.copy(at: 0x40, count: 16)
      self.bytes = bytes
    } catch {
      return nil
    }
  }

  /// The header of the group that starts at `offset`, whatever the sector size is.
  init?(of source: Source, at offset: ByteOffset = 0) {
    for sector in [512, 4096, 1024, 2048, 8192] as [ByteCount] {
      if let start = try? offset + sector, let bytes = try? source.read(at: start, count: sector),
        let header = GroupHeader(bytes)
      {
        self = header
        return
      }
    }
    return nil
  }

  var checksumHolds: Bool { Checksum.holds(bytes, at: 0xD8) }
}
