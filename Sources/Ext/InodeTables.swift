// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The inode tables of a volume, record by record, whoever wrote them.
struct InodeTables {
  let volume: ExtVolume

  /// Which parts of the tables are read.
  enum Part {
    case all
    /// But for groups whose table the volume in force wrote as a whole.
    case notZeroed
    /// What the volume in force says that it has used.
    case used
  }

  /// One read.
  private static let window: UInt64 = 0x10_0000

  /// Hands out every record that is not blank, with its number and whether the volume in force says
  /// that it never used it. What cannot be read is passed over.
  ///
  /// - Parameters:
  ///   - most: how many bytes of each table are read at most.
  ///   - spread: how many groups are looked at, evenly spread; nil for all.
  func visit(
    _ part: Part, most: UInt64 = .max, spread: Int? = nil,
    _ body: (_ number: UInt32, _ inode: Inode, _ isUnused: Bool) -> Void
  ) {
    let layout = volume.layout
    // Tables lie side by side: together they are no longer than the source.
    var budget = volume.source.length.rawValue
    let step = max(1, layout.groups.count / max(1, spread ?? layout.groups.count))
    for group in stride(from: 0, to: layout.groups.count, by: step) {
      let descriptor = layout.groups[group]
      guard layout.isBlock(descriptor.inodeTable),
        part != .notZeroed || !descriptor.isInodeTableZeroed
      else { continue }
      let perGroup = UInt64(volume.superblock.inodesPerGroup)
      let firstUnused = perGroup - min(UInt64(descriptor.unusedInodes), perGroup)
      let start = layout.range(of: descriptor.inodeTable..<descriptor.inodeTable + 1).lowerBound
      let size = UInt64(clamping: volume.superblock.inodeSize)
      let length = min((part == .used ? firstUnused : perGroup) * size, most)
      for position in stride(from: 0, to: length, by: Int(Self.window)) {
        let count = min(Self.window, length - position)
        guard count <= budget else { return }
        budget -= count
        records(at: start.advancedClamped(by: ByteCount(position)), count: count) { index, inode in
          let place = position / size + index
          guard let number = UInt32(exactly: UInt64(group) * perGroup + place + 1),
            number <= volume.superblock.inodeCount
          else { return }
          body(number, inode, place >= firstUnused)
        }
      }
    }
  }

  private func records(
    at start: ByteOffset, count: UInt64, _ body: (UInt64, Inode) -> Void
  ) {
    let size = volume.superblock.inodeSize
    guard let bytes = try? volume.source.readPrefix(at: start, count: ByteCount(count)) else {
      return
    }
    for index in 0..<bytes.count / size {
      let at = index * size
      // Most records of a table were never used.
      guard bytes[at] != 0 || bytes[at + 1] != 0,
        let inode = Inode(Array(bytes[at..<at + size])), inode.kind != .none
      else { continue }
      body(UInt64(clamping: index), inode)
    }
  }
}
