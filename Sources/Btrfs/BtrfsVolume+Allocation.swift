// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

extension BtrfsVolume {
  /// Reads the extent tree. Chunks of metadata are in use as a whole: old trees stand in them. What
  /// no readable part of the extent tree speaks of is unknown.
  package func allocation() -> Allocation {
    let reader = NodeReader(superblock, disk)
    let subvolumes = Subvolumes(Tree(rootTree, reader))
    var used = UsedAddresses(disk: disk)
    var isWhole = false
    if let root = subvolumes.extentTree {
      isWhole = Tree(root, reader).visit(Key.all) { node, places in
        for place in places { used.add(node.keys[place], nodeSize: superblock.nodeSize) }
        return true
      }
    }
    used.finish()
    var metadata: [Range<ByteOffset>] = Superblock.places.map {
      $0..<$0.advancedClamped(by: Superblock.size)
    }
    var data: [Range<ByteOffset>] = []
    for chunk in disk.chunks.chunks {
      let isShared = chunk.kind.contains(.data)
      if isShared { data += disk.places(of: chunk) } else { metadata += disk.places(of: chunk) }
    }
    let all = RangeSet(unsorted: onMedium([disk.source.range]))
    let allocated = RangeSet(unsorted: onMedium(metadata + used.places))
    // Without the whole tree, what it would have said of the rest of the chunks is open.
    let unknown =
      isWhole && rootTree == superblock.rootTree
      ? RangeSet() : RangeSet(unsorted: onMedium(data)).subtracting(allocated)
    return Allocation(
      allocated: allocated, unallocated: all.subtracting(allocated).subtracting(unknown),
      unknown: unknown)
  }

  private func onMedium(_ ranges: [Range<ByteOffset>]) -> [Range<ByteOffset>] {
    ranges.flatMap { range -> [Range<ByteOffset>] in
      let there = range.clamped(to: disk.source.range)
      return (try? disk.source.onMedium(there))?.mediumRanges ?? []
    }
  }
}

/// Gathers the extents that are in use, as places on the device.
private struct UsedAddresses {
  let disk: AddressSpace
  private(set) var places: [Range<ByteOffset>] = []
  /// Extents without a gap, not yet among the places.
  private var run: Range<ByteOffset>?

  init(disk: AddressSpace) { self.disk = disk }

  mutating func add(_ key: Key, nodeSize: ByteCount) {
    let length: ByteCount
    switch key.kind {
    case ItemKind.extent: length = ByteCount(key.offset)
    case ItemKind.metadata: length = nodeSize
    default: return
    }
    // No extent leaves its chunk.
    guard let range = try? Range(at: ByteOffset(key.object), count: length), !range.isEmpty,
      let chunk = disk.chunks.chunk(at: range.lowerBound),
      range.upperBound <= chunk.range.upperBound
    else { return }
    if let last = run, last.upperBound == range.lowerBound, chunk.range.contains(last.lowerBound) {
      run = last.lowerBound..<range.upperBound
      return
    }
    finish()
    run = range
  }

  mutating func finish() {
    guard let range = run else { return }
    run = nil
    for copy in 0..<disk.chunks.copyCount(at: range.lowerBound) {
      places += disk.chunks.places(of: range, copy: copy).compactMap(\.place)
    }
  }
}
