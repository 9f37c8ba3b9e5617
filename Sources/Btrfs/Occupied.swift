// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// What is in use today, and by whom: asked about parts of deleted files that are not what they were.
struct Occupied {
  private let volume: BtrfsVolume
  private let live: LiveFiles
  /// With the chunks of the past.
  private let past: AddressSpace
  private let allocated: [Range<ByteOffset>]
  private let unknown: [Range<ByteOffset>]

  /// Owners that are named in the evidence of one file.
  private static let mostOwners = 4

  init(_ volume: BtrfsVolume, _ live: LiveFiles, _ past: AddressSpace) {
    self.volume = volume
    self.live = live
    self.past = past
    let allocation = volume.allocation()
    allocated = Array(allocation.allocated.ranges)
    unknown = Array(allocation.unknown.ranges)
  }

  /// What speaks against a content: blocks that fail their checksum, or that have none and are
  /// somebody else's today.
  ///
  /// - Parameter generation: the transaction of the state that the content is of.
  func evidence(for content: Content, in generation: UInt64) -> [Evidence] {
    var taken: [String: ByteCount] = [:]
    var result: [Evidence] = []
    for part in content.broken {
      if !add(part.addresses, since: generation, to: &taken), result.isEmpty {
        result.append(.brokenAt(part.start, problem: "the checksum of its data does not hold"))
      }
    }
    var unsure: ByteCount = 0
    for addresses in content.unchecked {
      _ = add(addresses, since: generation, to: &taken)
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
    past.extents(of: addresses, copy: 0).mediumRanges
  }

  /// Counts what of a range others use today; false where nobody does.
  private func add(
    _ addresses: Range<ByteOffset>, since generation: UInt64, to taken: inout [String: ByteCount]
  ) -> Bool {
    if volume.disk.chunks.chunk(at: addresses.lowerBound) == nil {
      // The addresses are of the past; what took their place has others.
      let count = places(of: addresses).reduce(ByteCount(0)) {
        $0.addingClamped(Self.overlap($1, with: allocated))
      }
      if count > 0 { taken["", default: 0] = taken["", default: 0].addingClamped(count) }
      return count > 0
    }
    let users = users(of: addresses, since: generation)
    for (owner, count) in users {
      let name = taken.count < Self.mostOwners ? owner.map(path) ?? "" : ""
      taken[name, default: 0] = taken[name, default: 0].addingClamped(count)
    }
    return !users.isEmpty
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

  /// What of a range of addresses extents hold today that are younger than a transaction: an older one
  /// is that of the deleted file itself, which a snapshot or a copy shares.
  ///
  ///     0x08  u64  generation   0x18  u8  178: of a file   0x19  u64  tree   0x21  u64  inode
  ///
  /// - Source: Linux, include/uapi/linux/btrfs_tree.h, `struct btrfs_extent_item`,
  ///   `struct btrfs_extent_inline_ref`.
  private func users(
    of addresses: Range<ByteOffset>, since generation: UInt64
  ) -> [(owner: FolderNumber?, count: ByteCount)] {
    guard let root = live.subvolumes.extentTree else { return [] }
    let tree = Tree(root, live.reader)
    let start = addresses.lowerBound.rawValue
    var result: [(owner: FolderNumber?, count: ByteCount)] = []
    // The extent that reaches into the range begins near, as a rule, and nowhere beyond 256 MiB.
    for reach in [0, 0x1_0000, 0x10_0000, 0x1000_0000] as [UInt64] {
      var isReached = false
      result = []
      let first = Key(start - min(start, reach), 0, 0)
      tree.items(first...Key(addresses.upperBound.rawValue &- 1, .max, .max)) { key, data in
        guard key.kind == ItemKind.extent,
          let range = try? Range(at: ByteOffset(key.object), count: ByteCount(key.offset))
        else { return true }
        if key.object <= start { isReached = true }
        guard range.overlaps(addresses), let written = try? data.little(UInt64.self, at: 8),
          written > generation
        else { return true }
        result.append((owner(data), range.clamped(to: addresses).length))
        return result.count < 1 << 16
      }
      if isReached { break }
    }
    return result
  }

  private func owner(_ data: [UInt8]) -> FolderNumber? {
    guard data.holds([178], at: 0x18), let tree = try? data.little(UInt64.self, at: 0x19),
      let inode = try? data.little(UInt64.self, at: 0x21)
    else { return nil }
    return FolderNumber(volume: tree, number: inode)
  }

  private func path(_ owner: FolderNumber) -> String {
    guard let file = live.file(owner.number, in: owner.volume), let name = file.names.first else {
      return ""
    }
    let path = live.paths.path(to: FolderNumber(volume: owner.volume, number: name.folder))
    return (path.components + [name.name]).map(\.text).joined(separator: "/")
  }
}
