// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// What is in use today, and by whom: asked about parts of deleted files that are not what they were.
struct Occupied {
  private let volume: BtrfsVolume
  private let live: LiveFiles
  private let allocated: [Range<ByteOffset>]
  private let unknown: [Range<ByteOffset>]

  /// Owners that are named in the evidence of one file.
  private static let mostOwners = 4

  init(_ volume: BtrfsVolume, _ live: LiveFiles) {
    self.volume = volume
    self.live = live
    let allocation = volume.allocation()
    allocated = Array(allocation.allocated.ranges)
    unknown = Array(allocation.unknown.ranges)
  }

  /// What speaks against a content: blocks that fail their checksum, or that have none and are
  /// somebody else's today.
  func evidence(for content: Content) -> [Evidence] {
    var taken: [String: ByteCount] = [:]
    var result: [Evidence] = []
    for part in content.broken {
      if !add(part.addresses, to: &taken), result.isEmpty {
        result.append(.brokenAt(part.start, problem: "the checksum of its data does not hold"))
      }
    }
    var unsure: ByteCount = 0
    for addresses in content.unchecked {
      _ = add(addresses, to: &taken)
      for range in places(of: addresses) {
        unsure = unsure.addingClamped(Self.overlap(range, with: unknown))
      }
    }
    for (owner, count) in taken.sorted(by: { $0.key < $1.key }).prefix(Self.mostOwners) {
      result.append(.overwritten(count, by: owner))
    }
    if unsure > 0 { result.append(.allocationUnknown(unsure)) }
    return result
  }

  private func places(of addresses: Range<ByteOffset>) -> [Range<ByteOffset>] {
    volume.disk.extents(of: addresses, copy: 0).mediumRanges
  }

  /// Counts what of a range is in use today; false where nothing is.
  private func add(_ addresses: Range<ByteOffset>, to taken: inout [String: ByteCount]) -> Bool {
    var count: ByteCount = 0
    for range in places(of: addresses) {
      count = count.addingClamped(Self.overlap(range, with: allocated))
    }
    guard count > 0 else { return false }
    let owner = taken.count < Self.mostOwners ? owner(of: addresses) : ""
    taken[owner, default: 0] = taken[owner, default: 0].addingClamped(count)
    return true
  }

  private static func overlap(
    _ range: Range<ByteOffset>, with ranges: [Range<ByteOffset>]
  ) -> ByteCount {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    var count: ByteCount = 0
    while low < ranges.count, ranges[low].lowerBound < range.upperBound {
      count = count.addingClamped(ranges[low].clamped(to: range).length)
      low += 1
    }
    return count
  }

  /// The path of the file that uses some of a range of addresses today.
  ///
  /// An item of the extent tree names an owner:
  ///
  ///     0x10  u64  flags (1: data)   0x18  u8  178: a file   0x19  u64  tree   0x21  u64  inode
  ///
  /// - Source: Linux, include/uapi/linux/btrfs_tree.h, `struct btrfs_extent_item`,
  ///   `struct btrfs_extent_inline_ref`.
  private func owner(of addresses: Range<ByteOffset>) -> String {
    guard let root = live.subvolumes.extentTree else { return "" }
    let start = addresses.lowerBound.rawValue
    // No extent of data is longer than 256 MiB.
    let reach: UInt64 = 0x1000_0000
    let first = start < reach ? 0 : start - reach
    var owner: (volume: UInt64, inode: UInt64)?
    Tree(root, live.reader).items(
      Key(first, 0, 0)...Key(addresses.upperBound.rawValue &- 1, .max, .max)
    ) { key, data in
      guard key.kind == ItemKind.extent, key.object &+ key.offset > start,
        data.holds([178], at: 0x18), let tree = try? data.little(UInt64.self, at: 0x19),
        let inode = try? data.little(UInt64.self, at: 0x21)
      else { return true }
      owner = (tree, inode)
      return false
    }
    guard let owner, let file = live.file(owner.inode, in: owner.volume),
      let name = file.names.first
    else { return "" }
    let path = live.paths.path(to: FolderNumber(volume: owner.volume, number: name.folder))
    return (path.components + [name.name]).map(\.text).joined(separator: "/")
  }
}
