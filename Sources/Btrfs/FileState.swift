// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// An inode with its names and extents, as one tree has them.
struct FileState: Sendable {
  let number: UInt64
  let inode: InodeItem
  let names: [InodeName]
  /// In order, without overlap.
  let extents: [FileExtent]
  /// Whether nothing of it is missing: what lies between the extents is holes.
  let isComplete: Bool

  /// Whether all of the other state's content is in this one, at the same places.
  func contains(_ other: FileState) -> Bool {
    other.extents.allSatisfy { extent in
      switch extent.place {
      case .hole, .reserved: return true
      case .inline: return extents.first?.place == extent.place
      case .stored: return covering(extent.start).map { $0.contains(extent) } ?? false
      }
    }
  }

  /// Whether both have the same content.
  func hasContent(of other: FileState) -> Bool {
    inode.size == other.inode.size && extents == other.extents
  }

  /// The last extent that does not start behind a place.
  private func covering(_ place: ByteOffset) -> FileExtent? {
    var low = 0
    var high = extents.count
    while low < high {
      let middle = (low + high) / 2
      if extents[middle].start <= place { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : extents[low - 1]
  }
}

extension FileExtent {
  /// Whether both name the same bytes, and this at least those of the other.
  fileprivate func contains(_ other: FileExtent) -> Bool {
    guard case .stored(let mine) = place, case .stored(let its) = other.place,
      compression == other.compression, start <= other.start, other.end <= end
    else { return false }
    // The place of the file's first byte, if the extent went back to there; it may be negative.
    let origin = mine.lowerBound.rawValue &+ skipped.rawValue &- start.rawValue
    let otherOrigin =
      its.lowerBound.rawValue &+ other.skipped.rawValue &- other.start.rawValue
    return origin == otherOrigin && (compression == 0 || mine == its)
  }
}

extension Tree {
  /// More extents than any file needs; a file system of 16 TiB in single sectors would have as many.
  private static let mostExtents = 1 << 22

  /// An inode with all that belongs to it; nil where the tree does not have it.
  func file(_ number: UInt64) -> FileState? {
    var inode: InodeItem?
    var names: [InodeName] = []
    let head = Key(number, 0, 0)...Key(number, ItemKind.inodeNames, .max)
    var isComplete = items(head) { key, data in
      switch key.kind {
      case ItemKind.inode: inode = try? InodeItem(data)
      case ItemKind.inodeName, ItemKind.inodeNames:
        if names.count < 0x1_0000 { names += InodeName.names(key, data) }
      default: break
      }
      return true
    }
    guard let inode else { return nil }
    var extents: [FileExtent] = []
    if inode.kind == .file || inode.kind == .symbolicLink {
      let isWhole = self.extents(of: number, into: &extents)
      // Where what stood beside a node is not known, the sum of the extents may tell.
      let sum = extents.reduce(ByteCount(0)) {
        $1.place == .hole ? $0 : $0.addingClamped($1.count)
      }
      isComplete = isWhole || sum.rawValue == inode.extentBytes && sum > 0
    }
    return FileState(
      number: number, inode: inode, names: names, extents: extents, isComplete: isComplete)
  }

  private func extents(of number: UInt64, into extents: inout [FileExtent]) -> Bool {
    var isSound = true
    let isWhole = items(Key.all(of: number, ItemKind.fileExtent)) { key, data in
      guard
        let extent = FileExtent(key, data, sectorSize: reader.superblock.sectorSize),
        extents.last.map({ $0.end <= extent.start }) ?? true, extents.count < Self.mostExtents
      else {
        isSound = false
        return extents.count < Self.mostExtents
      }
      extents.append(extent)
      return true
    }
    return isWhole && isSound
  }
}
