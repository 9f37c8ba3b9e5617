// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A piece of the address space, and where on the devices it lies.
///
///     0x00  u64  length            0x10  u64  length of a stripe    0x18  u64  type
///     0x2C  u16  stripes           0x2E  u16  copies in RAID 10
///     0x30 then 32 bytes for each stripe:  0  u64  device   8  u64  place on it
///
/// - Source: Linux, include/uapi/linux/btrfs_tree.h, `struct btrfs_chunk`; fs/btrfs/volumes.c,
///   `btrfs_map_block`.
struct Chunk: Sendable, Equatable {
  struct Kind: OptionSet, Sendable {
    let rawValue: UInt64
    static let data = Self(rawValue: 0x1)
    static let system = Self(rawValue: 0x2)
    static let metadata = Self(rawValue: 0x4)
    static let raid0 = Self(rawValue: 0x8)
    static let raid1 = Self(rawValue: 0x10)
    static let duplicated = Self(rawValue: 0x20)
    static let raid10 = Self(rawValue: 0x40)
    static let raid5 = Self(rawValue: 0x80)
    static let raid6 = Self(rawValue: 0x100)
    static let raid1c3 = Self(rawValue: 0x200)
    static let raid1c4 = Self(rawValue: 0x400)
    static let mirrored: Self = [.raid1, .duplicated, .raid1c3, .raid1c4]
    static let parity: Self = [.raid5, .raid6]
  }

  struct Stripe: Sendable, Equatable {
    let device: UInt64
    let place: ByteOffset
  }

  /// In the address space.
  let range: Range<ByteOffset>
  let kind: Kind
  let stripeLength: ByteCount
  let stripes: [Stripe]
  let copiesOfStripe: Int

  /// Bytes that its item has.
  static func size(stripes: Int) -> Int { 0x30 + 32 * stripes }

  /// Reads the chunk that starts at an address.
  init(_ bytes: [UInt8], at start: Int = 0, address: UInt64) throws {
    let length = ByteCount(try bytes.little(UInt64.self, at: start))
    let count = Int(try bytes.little(UInt16.self, at: start + 0x2C))
    let kind = Kind(rawValue: try bytes.little(UInt64.self, at: start + 0x18))
    let stripeLength = try bytes.little(UInt64.self, at: start + 0x10)
    let copies = Int(try bytes.little(UInt16.self, at: start + 0x2E))
    range = try Range(at: ByteOffset(address), count: length)
    guard length > 0, (1...1024).contains(count), stripeLength >= 4096,
      stripeLength.nonzeroBitCount == 1, stripeLength <= 1 << 30,
      stripeLength >= 0x1_0000 || kind.isDisjoint(with: [.raid0, .raid10])
    else { throw Malformed("Btrfs chunk", "its length or its stripes cannot be") }
    self.stripeLength = ByteCount(stripeLength)
    self.kind = kind
    copiesOfStripe = kind.contains(.raid10) ? max(1, min(copies, count)) : 1
    stripes = try (0..<count).map { index in
      let at = start + 0x30 + 32 * index
      return Stripe(
        device: try bytes.little(UInt64.self, at: at),
        place: ByteOffset(try bytes.little(UInt64.self, at: at + 8)))
    }
  }

  /// A chunk of which each stripe is a copy; nil for one that cannot be.
  init?(address: UInt64, length: ByteCount, stripes: [Stripe]) {
    guard length > 0, let range = try? Range(at: ByteOffset(address), count: length),
      !stripes.isEmpty
    else { return nil }
    self.range = range
    kind = stripes.count > 1 ? [.data, .metadata, .duplicated] : [.data, .metadata]
    stripeLength = 0x1_0000
    self.stripes = stripes
    copiesOfStripe = 1
  }

  /// How often each byte is there.
  var copyCount: Int {
    if !kind.isDisjoint(with: .mirrored) { return stripes.count }
    return kind.contains(.raid10) ? copiesOfStripe : 1
  }

  /// Where one copy of a part begins, and how much of it lies there in one piece; nil for a place that
  /// is not computed.
  func place(of address: ByteOffset, copy: Int) -> (
    stripe: Stripe?, place: ByteOffset, run: ByteCount
  )? {
    guard range.contains(address), copy < copyCount else { return nil }
    let skipped = (range.lowerBound..<address).length
    if kind.isDisjoint(with: [.raid0, .raid10, .raid5, .raid6]) {
      guard stripes.indices.contains(copy) else { return nil }
      return (
        stripes[copy], stripes[copy].place.advancedClamped(by: skipped),
        (address..<range.upperBound).length
      )
    }
    let length = stripeLength.rawValue
    let (number, within) = skipped.rawValue.quotientAndRemainder(dividingBy: length)
    let run = min(ByteCount(length - within), (address..<range.upperBound).length)
    guard kind.isDisjoint(with: .parity) else { return (nil, 0, run) }
    let columns = UInt64(max(1, stripes.count / copiesOfStripe))
    let index = Int(number % columns) * copiesOfStripe + copy
    guard stripes.indices.contains(index) else { return nil }
    let behind = ByteCount((number / columns) &* length &+ within)
    return (stripes[index], stripes[index].place.advancedClamped(by: behind), run)
  }
}
