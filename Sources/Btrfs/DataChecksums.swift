// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The checksums of data blocks as one transaction knew them.
struct DataChecksums {
  let reader: NodeReader
  /// The checksum tree of that transaction; nil where it is not known.
  let tree: TreeRoot?
  let past: PastChecksums

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
    // An item begins at most as far before as a leaf has room for checksums.
    let reach = reader.superblock.nodeSize.rawValue / UInt64(size) * sector
    let first = range.lowerBound.rawValue < reach ? 0 : range.lowerBound.rawValue - reach
    let keys =
      Key(
        ObjectNumber.checksums, ItemKind.checksums, first)...Key(
        ObjectNumber.checksums, ItemKind.checksums, range.upperBound.rawValue &- 1)
    if let tree {
      Tree(tree, reader).items(keys) { key, data in
        take(key, data)
        return true
      }
    }
    guard isKnown.contains(false) else { return (sums, isKnown) }
    for leaf in past.leaves(over: range, writtenIn: lifetime) {
      var leaf = leaf
      leaf.isHeadless = true
      Tree(leaf, reader).items(keys) { key, data in
        take(key, data)
        return true
      }
      if !isKnown.contains(false) { break }
    }
    return (sums, isKnown)
  }
}
