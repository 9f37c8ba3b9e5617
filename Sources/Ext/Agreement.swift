// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How many of a volume's structures are there and say the same: what tells a superblock that still
/// holds from one that was left behind.
struct Agreement {
  private(set) var consistent = 0
  private(set) var examined = 0

  /// So many groups are looked at, evenly spread.
  private static let groups = 16
  /// So many inodes of each.
  private static let inodes = 4

  init(with volume: ExtVolume) {
    let layout = volume.layout
    let step = max(1, layout.groups.count / Self.groups)
    for group in stride(from: 0, to: layout.groups.count, by: step) {
      let descriptor = layout.groups[group]
      let isSound =
        descriptor.checksumHolds && layout.isBlock(descriptor.inodeTable)
        && layout.isBlock(descriptor.blockBitmap) && layout.isBlock(descriptor.inodeBitmap)
      note(isSound)
      if isSound { noteBitmap(of: group, in: volume) }
    }
    var left: [UInt32: Int] = [:]
    InodeTables(volume: volume).visit(
      .all, most: layout.blockSize, spread: Self.groups
    ) { number, inode, _ in
      let group = (number - 1) / volume.superblock.inodesPerGroup
      guard left[group, default: 0] < Self.inodes else { return }
      left[group, default: 0] += 1
      note(volume.holds(inode, number))
    }
    note(volume.hasRoot)
  }

  /// Most of what was looked at agrees, and that was not just one thing.
  var isConvincing: Bool { consistent >= 3 && 2 * consistent > examined }

  private mutating func note(_ isConsistent: Bool) {
    examined += 1
    if isConsistent { consistent += 1 }
  }

  private mutating func noteBitmap(of group: Int, in volume: ExtVolume) {
    // A backup's descriptors are as old as the file system: of the bitmaps' checksums they know nothing.
    guard !volume.isFromBackup, case .read(let bits) = volume.bitmap(of: group) else { return }
    let first = volume.superblock.firstBlock(of: UInt64(group))
    let table = volume.layout.groups[group].inodeTable
    guard table >= first, table - first < volume.superblock.blocksPerGroup else { return }
    let bit =
      (table - first) / (volume.superblock.clusterSize / volume.superblock.blockSize)
    guard bit / 8 < UInt64(clamping: bits.count) else { return }
    note(bits[Int(clamping: bit / 8)] >> UInt8(bit % 8) & 1 == 1)
  }
}

extension ExtVolume {
  /// Whether an inode is one of this volume, by its checksum, else by its shape.
  func holds(_ inode: Inode, _ number: UInt32) -> Bool {
    seal(number, inode.generation).map { inode.checksumHolds($0) }
      ?? inode.isPlausible(in: layout)
  }

  /// Whether the root folder is there.
  var hasRoot: Bool {
    guard let root = inode(2), root.kind == .folder, holds(root, 2) else { return false }
    if root.hasInlineData { return true }
    guard let first = liveRuns(of: root)?.first, let bytes = block(first.physical),
      let directory = DirectoryBlock(bytes, hasTypes: hasFileTypes)
    else { return false }
    return directory.itself == 2 && directory.parent == 2
  }
}
