// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The tree of an allocation group's free extents, in order of place.
///
///     0x00  u32  "ABTB" or "AB3B"  0x04  u16  level   0x06  u16  records
///     version 5: 0x20 u8×16 UUID; 0x30 u32 group; 0x34 u32 CRC-32C
///     then, from 0x10 or 0x38 on, in a leaf: u32 first block, u32 blocks;
///     above: keys of the same form, then, behind the room for all, u32 children
///
/// - Source: *XFS Algorithms & Data Structures*, "AG Free Space B+trees".
struct FreeSpaceTree {
  let volume: XFSVolume
  let group: UInt64

  /// The free extents, in blocks of the group; nil where a part of the tree cannot be trusted.
  func extents(root: UInt64, levels: UInt64) -> [Range<UInt64>]? {
    guard (1...8).contains(levels) else { return nil }
    var extents: [Range<UInt64>] = []
    var visited: Set<UInt64> = []
    return append(root, level: levels - 1, into: &extents, &visited) ? extents : nil
  }

  private func append(
    _ block: UInt64, level: UInt64, into extents: inout [Range<UInt64>],
    _ visited: inout Set<UInt64>
  ) -> Bool {
    let isFive = volume.superblock.hasChecksums
    let header = isFive ? 0x38 : 0x10
    guard visited.insert(block).inserted, let bytes = node(block),
      (try? bytes.big(UInt16.self, at: 4)).map(UInt64.init) == level,
      let count = (try? bytes.big(UInt16.self, at: 6)).map(Int.init)
    else { return false }
    let room = (bytes.count - header) / 12
    let length = volume.geometry.length(ofGroup: group)
    for index in 0..<count {
      if level > 0 {
        guard count <= room,
          let child = try? bytes.big(UInt32.self, at: header + 8 * room + 4 * index),
          append(UInt64(child), level: level - 1, into: &extents, &visited)
        else { return false }
      } else {
        guard let start = try? bytes.big(UInt32.self, at: header + 8 * index),
          let blocks = try? bytes.big(UInt32.self, at: header + 8 * index + 4), blocks > 0,
          UInt64(start) + UInt64(blocks) <= length,
          extents.last.map({ $0.upperBound <= UInt64(start) }) ?? true
        else { return false }
        extents.append(UInt64(start)..<UInt64(start) + UInt64(blocks))
      }
    }
    return true
  }

  private func node(_ block: UInt64) -> [UInt8]? {
    let superblock = volume.superblock
    let magic = superblock.hasChecksums ? "AB3B" : "ABTB"
    guard
      let range = volume.geometry.range(ofGroup: group, blocks: block..<block + 1),
      let bytes = try? volume.source.read(at: range.lowerBound, count: range.length),
      bytes.holds(Array(magic.utf8), at: 0),
      !superblock.hasChecksums
        || bytes.holds(superblock.uuid, at: 0x20) && Checksum.holds(bytes, at: 0x34)
    else { return nil }
    return bytes
  }
}
