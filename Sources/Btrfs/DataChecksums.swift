// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The checksums of data blocks as one transaction knew them.
struct DataChecksums {
  let reader: NodeReader
  /// The checksum tree of that transaction; nil where it is not known.
  let tree: TreeRoot?
  let past: PastChecksums

  /// Old leaves that are asked about one range.
  private static let mostLeaves = 64

  /// Checksums end to end, one for each sector of `range`, and which of them were found.
  ///
  /// The tree of the state in which an extent was in force is right about it. So is any leaf that was
  /// written while it was: not before the extent, and not behind the state.
  ///
  /// - Parameters:
  ///   - range: whole sectors, at most some MiB.
  ///   - lifetime: from the transaction that wrote the extent to that of the state.
  func checksums(
    of range: Range<ByteOffset>, lifetime: ClosedRange<UInt64>
  ) -> (sums: [UInt8], isKnown: [Bool]) {
    let sector = reader.superblock.sectorSize.rawValue
    let size = reader.superblock.checksum.byteCount
    let count = Int(clamping: range.length.rawValue / sector)
    var sums = [UInt8](repeating: 0, count: count * size)
    var isKnown = [Bool](repeating: false, count: count)
    func take(_ key: Key, _ data: [UInt8]) {
      for index in 0..<data.count / size {
        let address = key.offset &+ UInt64(clamping: index) &* sector
        guard address >= range.lowerBound.rawValue, address < range.upperBound.rawValue else {
          continue
        }
        let place = Int(clamping: (address - range.lowerBound.rawValue) / sector)
        guard place < count, !isKnown[place] else { continue }
        isKnown[place] = true
        sums.replaceSubrange(
          place * size..<(place + 1) * size, with: data[index * size..<(index + 1) * size])
      }
    }
    // An item begins at most as far before as a leaf has room for checksums; most begin near.
    let farthest = reader.superblock.nodeSize.rawValue / UInt64(size) * sector
    func collect(_ tree: Tree) {
      for reach in [0, 0x2_0000, 0x20_0000, farthest]
      where reach <= farthest && isKnown.contains(false) {
        let start = range.lowerBound.rawValue - min(reach, range.lowerBound.rawValue)
        let keys =
          Key(
            ObjectNumber.checksums, ItemKind.checksums, start)...Key(
            ObjectNumber.checksums, ItemKind.checksums, range.upperBound.rawValue &- 1)
        tree.items(keys) { key, data in
          take(key, data)
          return true
        }
        // What comes before matters to the first sector and what follows it without a gap.
        if isKnown.first == true { break }
      }
    }
    if let tree { collect(Tree(tree, reader)) }
    for var leaf in past.leaves(over: range, writtenIn: lifetime).prefix(Self.mostLeaves)
    where isKnown.contains(false) {
      leaf.isHeadless = true
      collect(Tree(leaf, reader))
    }
    return (sums, isKnown)
  }
}
