// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

/// The inodes that the pass met within the volume and that carry its stamp, in use or freed, and the
/// blocks of directories outside of present folders.
struct Survey {
  /// Sorted.
  let freed: [UInt64]
  /// In use, but no present folder leads there. Sorted.
  let unreached: [UInt64]
  /// Where blocks of directories start, in the volume. Sorted.
  let directoryBlocks: [ByteOffset]
  /// Full numbers by their low half, where numbers have more than 32 bits.
  private let numbersByLowHalf: [UInt32: [UInt64]]

  /// - Parameter isStray: whether an inode that stands at a place, in use and unreached, is of this
  ///   volume although it bears no stamp (version 4).
  init(
    _ volume: XFSVolume, _ landmarks: [Landmark], _ tree: LiveTree,
    isStray: (_ offset: ByteOffset) -> Bool
  ) {
    let size = volume.superblock.inodeSize
    let hidden = Set(volume.superblock.hiddenInodes)
    var freed: [UInt64] = []
    var unreached: [UInt64] = []
    var directoryBlocks: [ByteOffset] = []
    func add(_ offset: ByteOffset) {
      guard let number = volume.geometry.inode(at: offset), !hidden.contains(number),
        let inode = volume.inode(number), !inode.isHidden
      else { return }
      if !inode.isInUse {
        freed.append(number)
      } else if !tree.holds(number), volume.superblock.hasChecksums || isStray(offset) {
        unreached.append(number)
      }
    }
    for landmark in landmarks {
      guard let offset = volume.offset(ofMedium: landmark.offset),
        volume.space?.contains(landmark.offset) ?? true
      else { continue }
      switch landmark.kind {
      case .xfsInode:
        add(offset)
        // Two to a sector; the pass looks at sectors alone.
        if size == 256 { add(offset.advancedClamped(by: 256)) }
      case .xfsDirectory where !tree.blocks.contains(offset):
        directoryBlocks.append(offset)
      default: break
      }
    }
    self.freed = freed.sorted()
    self.unreached = unreached.sorted()
    self.directoryBlocks = directoryBlocks.sorted()
    let last =
      volume.superblock.groupCount << (volume.superblock.groupShift + volume.superblock.inodeShift)
    var numbers: [UInt32: [UInt64]] = [:]
    if last > UInt64(UInt32.max) {
      for number in freed + unreached + tree.owners.keys.sorted() {
        numbers[UInt32(truncatingIfNeeded: number), default: []].append(number)
      }
    }
    numbersByLowHalf = numbers
    hasWideNumbers = last > UInt64(UInt32.max)
  }

  private let hasWideNumbers: Bool

  /// The inode that an entry names. Of a number that lost its high half, the one that is there; of
  /// several, that in the folder's part of the volume.
  func number(of target: DirectoryEntry.Target, in folder: UInt64) -> UInt64? {
    switch target {
    case .inode(let number): return number
    case .lowHalf(let low):
      guard hasWideNumbers else { return UInt64(low) }
      let numbers = numbersByLowHalf[low] ?? []
      return numbers.first { $0 >> 32 == folder >> 32 } ?? numbers.first
    }
  }
}
