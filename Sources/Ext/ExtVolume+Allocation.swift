// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

extension ExtVolume {
  /// Reads the block bitmaps. What a bitmap covers that cannot be read, or whose checksum fails, is
  /// unknown; what the layout itself occupies is in use whatever the bitmaps say.
  package func allocation() -> Allocation {
    let (free, unknown) = freeAndUnknown
    let all = RangeSet(unsorted: onMedium([0..<superblock.blockCount]))
    let metadata = RangeSet(unsorted: onMedium(layout.metadataBlocks))
    let unknownRanges = RangeSet(unsorted: onMedium(unknown)).subtracting(metadata)
    let freeRanges = RangeSet(unsorted: onMedium(free)).subtracting(metadata)
      .subtracting(unknownRanges)
    return Allocation(
      allocated: all.subtracting(freeRanges).subtracting(unknownRanges), unallocated: freeRanges,
      unknown: unknownRanges)
  }

  /// Free blocks, as the bitmaps have it.
  var freeBlocks: [Range<UInt64>] { freeAndUnknown.free }

  /// Free blocks, and those of which the bitmaps do not say.
  var unusedBlocks: [Range<UInt64>] {
    let (free, unknown) = freeAndUnknown
    return (free + unknown).sorted { $0.lowerBound < $1.lowerBound }
  }

  private var freeAndUnknown: (free: [Range<UInt64>], unknown: [Range<UInt64>]) {
    var free: [Range<UInt64>] = []
    var unknown: [Range<UInt64>] = []
    for group in layout.groups.indices {
      let first = superblock.firstBlock(of: UInt64(group))
      let end = min(first + superblock.blocksPerGroup, superblock.blockCount)
      switch bitmap(of: group) {
      case .computed: free.append(first..<end)
      case .unknown: unknown.append(first..<end)
      case .read(let bits): append(freeRuns(of: bits, first: first, end: end), to: &free)
      }
    }
    return (free, unknown)
  }

  /// What a group's block bitmap says.
  enum Bitmap {
    case read([UInt8])
    /// Never written: everything but the layout's own blocks is free.
    case computed
    case unknown
  }

  /// Reads a group's block bitmap, and compares its checksum where there is one.
  func bitmap(of group: Int) -> Bitmap {
    let descriptor = layout.groups[group]
    guard descriptor.checksumHolds else { return .unknown }
    if descriptor.isBlockBitmapComputed { return isFromBackup ? .unknown : .computed }
    guard let bits = block(descriptor.blockBitmap) else { return .unknown }
    if let seed {
      let clusters = superblock.blocksPerGroup / (superblock.clusterSize / superblock.blockSize)
      let covered = Array(bits.prefix(Int(clamping: clusters / 8)))
      let crc = ExtChecksum.crc(seed, covered)
      let mask: UInt32 = descriptor.hasWideChecksum ? 0xFFFF_FFFF : 0xFFFF
      guard crc & mask == descriptor.blockBitmapChecksum & mask else { return .unknown }
    } else if isFromBackup {
      return .unknown
    }
    return .read(bits)
  }

  /// The blocks whose cluster's bit is zero.
  private func freeRuns(of bits: [UInt8], first: UInt64, end: UInt64) -> [Range<UInt64>] {
    let ratio = superblock.clusterSize / superblock.blockSize
    var runs: [Range<UInt64>] = []
    var position = first
    var start: UInt64?
    for byte in bits where position < end {
      if byte == 0xFF || byte == 0 {
        // A whole byte of one kind, as most are.
        if byte == 0 {
          start = start ?? position
        } else if let from = start {
          runs.append(from..<position)
          start = nil
        }
        position = min(position + 8 * ratio, end)
        continue
      }
      for bit in 0..<8 where position < end {
        if byte >> UInt8(bit) & 1 == 0 {
          start = start ?? position
        } else if let from = start {
          runs.append(from..<position)
          start = nil
        }
        position = min(position + ratio, end)
      }
    }
    if let from = start { runs.append(from..<position) }
    return runs
  }

  private func append(_ runs: [Range<UInt64>], to all: inout [Range<UInt64>]) {
    all += runs.filter { !$0.isEmpty }
  }
}
