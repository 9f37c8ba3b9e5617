// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Leaves of data checksums that were found outside of any tree: which addresses each covers, and of
/// which transaction it is.
struct PastChecksums {
  struct Leaf {
    let range: Range<ByteOffset>
    let place: TreeRoot
  }

  private static let mostLeaves = 1 << 20
  private var leaves: [Leaf] = []
  /// Where the furthest of the leaves up to each one ends.
  private var reaches: [ByteOffset] = []

  mutating func add(_ node: Node, _ superblock: Superblock) {
    guard let first = node.keys.first, let last = node.keys.last,
      let size = try? node.data(node.keys.count - 1).count
    else { return }
    let sectors = UInt64(clamping: size / superblock.checksum.byteCount)
    let end = ByteOffset(last.offset).advancedClamped(
      by: ByteCount(sectors &* superblock.sectorSize.rawValue))
    guard ByteOffset(first.offset) < end, leaves.count < Self.mostLeaves else { return }
    leaves.append(
      Leaf(
        range: ByteOffset(first.offset)..<end,
        place: TreeRoot(
          address: node.header.address, generation: node.header.generation, level: 0)))
  }

  /// Call once, behind the last leaf.
  mutating func index() {
    leaves.sort {
      ($0.range.lowerBound, $0.place.generation, $0.place.address)
        < ($1.range.lowerBound, $1.place.generation, $1.place.address)
    }
    var reach: ByteOffset = 0
    reaches = leaves.map {
      reach = max(reach, $0.range.upperBound)
      return reach
    }
  }

  /// The leaves that cover some of a range and were written in these transactions, the newest first.
  func leaves(
    over range: Range<ByteOffset>, writtenIn generations: ClosedRange<UInt64>
  ) -> [TreeRoot] {
    var low = 0
    var high = leaves.count
    while low < high {
      let middle = (low + high) / 2
      if reaches[middle] <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    var result: [TreeRoot] = []
    while low < leaves.count, leaves[low].range.lowerBound < range.upperBound {
      let leaf = leaves[low]
      if leaf.range.overlaps(range), generations.contains(leaf.place.generation) {
        result.append(leaf.place)
      }
      low += 1
    }
    return result.sorted { ($0.generation, $0.address) > ($1.generation, $1.address) }
  }
}
