// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

extension XFSVolume {
  /// Reads the trees of free extents. A group whose tree cannot be read, or of which a checksum fails,
  /// is unknown as a whole, but for its headers.
  package func allocation() -> Allocation {
    var free: [Range<ByteOffset>] = []
    var unknown: [Range<ByteOffset>] = []
    // The source may be shorter than what the superblock says, and hold none of the later groups.
    let length = min(source.length, superblock.byteCount).rawValue
    let groupSize = superblock.groupBlocks * geometry.blockSize
    let groups = min(superblock.groupCount, length / groupSize + 1)
    for group in 0..<groups {
      if let extents = freeExtents(of: group) {
        free += extents.compactMap { geometry.range(ofGroup: group, blocks: $0) }
      } else {
        let headers = (4 * superblock.sectorSize + geometry.blockSize - 1) / geometry.blockSize
        let end = geometry.length(ofGroup: group)
        if headers < end, let range = geometry.range(ofGroup: group, blocks: headers..<end) {
          unknown.append(range)
        }
      }
    }
    let all = RangeSet(unsorted: onMedium([0..<ByteOffset(length)]))
    let unknownRanges = RangeSet(unsorted: onMedium(unknown))
    let freeRanges = RangeSet(unsorted: onMedium(free))
    return Allocation(
      allocated: all.subtracting(freeRanges).subtracting(unknownRanges), unallocated: freeRanges,
      unknown: unknownRanges)
  }

  /// The free extents of a group, in its blocks; nil where they cannot be trusted.
  private func freeExtents(of group: UInt64) -> [Range<UInt64>]? {
    guard let start = geometry.range(ofGroup: group, blocks: 0..<1)?.lowerBound,
      let place = try? start + ByteCount(superblock.sectorSize),
      let bytes = try? source.read(at: place, count: ByteCount(superblock.sectorSize)),
      let header = GroupHeader(bytes), header.group == group,
      header.blocks == geometry.length(ofGroup: group),
      !superblock.hasChecksums || header.uuid == superblock.uuid && header.checksumHolds,
      let extents = FreeSpaceTree(volume: self, group: group).extents(
        root: header.freeRoot, levels: header.freeLevels)
    else { return nil }
    return extents + freeList(header, start)
  }

  /// Blocks that are set apart for the trees, and so hold what they held before.
  ///
  ///     version 5: 0x00 u32 "XAFL"; then, from 0x24 on (version 4: from 0), u32 blocks, in a ring
  ///
  /// - Source: *XFS Algorithms & Data Structures*, "AG Free List".
  private func freeList(_ header: GroupHeader, _ start: ByteOffset) -> [Range<UInt64>] {
    guard let place = try? start + ByteCount(3 * superblock.sectorSize),
      let bytes = try? source.read(at: place, count: ByteCount(superblock.sectorSize))
    else { return [] }
    let base = superblock.hasChecksums ? 0x24 : 0
    let room = (bytes.count - base) / 4
    guard header.listFirst < room, header.listLast < room, header.listCount <= room else {
      return []
    }
    return (0..<header.listCount).compactMap { index in
      let slot = (header.listFirst + index) % room
      guard let block = try? bytes.big(UInt32.self, at: base + 4 * slot) else { return nil }
      return UInt64(block)..<UInt64(block) + 1
    }
  }
}
