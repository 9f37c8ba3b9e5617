// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// An inode as it stands in a table or in a journal copy of one.
///
///     0x00  u16  mode              0x04  u32  size, low
///     0x08  u32  access time       0x0C  u32  inode change time
///     0x10  u32  modification time 0x14  u32  deletion time
///     0x1A  u16  links             0x1C  u32  blocks of 512 bytes
///     0x20  u32  flags             0x28  60   block map, extent tree root or content
///     0x64  u32  generation        0x6C  u32  size, high
///     0x7C  u16  checksum, low     0x80  u16  size of what follows
///     0x82  u16  checksum, high    0x84  u32  change time: nanoseconds, epoch
///     0x88  u32  modification      0x8C  u32  access
///     0x90  u32  creation time     0x94  u32  its nanoseconds and epoch
///
/// - Source: Linux, Documentation/filesystems/ext4/inodes.rst.
struct Inode: Sendable, Hashable {
  enum Kind { case file, folder, symbolicLink, other, none }

  /// The whole record, at least 128 bytes.
  let bytes: [UInt8]

  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 128 else { return nil }
    self.bytes = bytes
  }

  private func field<T: FixedWidthInteger>(_ at: Int, as type: T.Type = T.self) -> T {
    (try? bytes.little(T.self, at: at)) ?? 0
  }

  var mode: UInt16 { field(0) }
  var links: UInt16 { field(0x1A) }
  var deletionTime: UInt32 { field(0x14) }
  var flags: UInt32 { field(0x20) }
  var generation: UInt32 { field(0x64) }
  var sectors: UInt64 { UInt64(field(0x1C, as: UInt32.self)) }
  var usesExtents: Bool { flags & 0x8_0000 != 0 }
  var hasInlineData: Bool { flags & 0x1000_0000 != 0 }
  var isEncrypted: Bool { flags & 0x800 != 0 }
  var isInUse: Bool { links > 0 && deletionTime == 0 && kind != .none }
  /// The block map: 60 bytes.
  var map: [UInt8] { Array(bytes[0x28..<0x64]) }

  var size: ByteCount {
    let high: UInt32 = kind == .file || kind == .folder ? field(0x6C) : 0
    return ByteCount(UInt64(high) << 32 | UInt64(field(4, as: UInt32.self)))
  }

  var kind: Kind {
    switch mode & 0xF000 {
    case 0x8000: .file
    case 0x4000: .folder
    case 0xA000: .symbolicLink
    case 0x1000, 0x2000, 0x6000, 0xC000: .other
    default: .none
    }
  }

  /// The type of directory entries that name such an inode.
  var entryType: UInt8 {
    switch mode & 0xF000 {
    case 0x8000: 1
    case 0x4000: 2
    case 0x2000: 3
    case 0x6000: 4
    case 0x1000: 5
    case 0xC000: 6
    case 0xA000: 7
    default: 0
    }
  }

  /// How many bytes behind the first 128 hold fields.
  private var extraSize: Int {
    guard bytes.count >= 0x84 else { return 0 }
    return min(Int(field(0x80, as: UInt16.self)), bytes.count - 128)
  }

  var times: Times {
    Times(
      created: time(0x90, extra: 0x94), modified: time(0x10, extra: 0x88),
      changed: time(0x0C, extra: 0x84), accessed: time(0x08, extra: 0x8C))
  }

  private func time(_ at: Int, extra: Int) -> Timestamp? {
    let isThere = at < 128 || extraSize >= at + 4 - 128
    guard isThere else { return nil }
    let seconds = Int64(Int32(bitPattern: field(at, as: UInt32.self)))
    guard extraSize >= extra + 4 - 128 else {
      return seconds == 0 ? nil : Timestamp(seconds: seconds)
    }
    let more: UInt32 = field(extra)
    if seconds == 0, more == 0 { return nil }
    return Timestamp(
      seconds: seconds + Int64(more & 3) << 32, nanoseconds: Int64(min(more >> 2, 999_999_999)))
  }

  /// Whether the record's own checksum holds, under the seed of its life.
  func checksumHolds(_ seed: UInt32) -> Bool {
    var sealed = bytes
    sealed[0x7C] = 0
    sealed[0x7D] = 0
    let isWide = extraSize >= 4
    if isWide {
      sealed[0x82] = 0
      sealed[0x83] = 0
    }
    let crc = ExtChecksum.crc(seed, sealed)
    return UInt16(truncatingIfNeeded: crc) == field(0x7C, as: UInt16.self)
      && (!isWide || UInt16(truncatingIfNeeded: crc >> 16) == field(0x82, as: UInt16.self))
  }

  /// What the checksums of the volume that wrote this record start from, by running the record's own
  /// checksum back; nil where it has none, or but half of one.
  func volumeSeed(_ number: UInt32) -> UInt32? {
    guard extraSize >= 4 else { return nil }
    let stored =
      UInt32(field(0x7C, as: UInt16.self)) | UInt32(field(0x82, as: UInt16.self)) << 16
    guard stored != 0 else { return nil }
    var sealed = bytes
    for at in [0x7C, 0x7D, 0x82, 0x83] { sealed[at] = 0 }
    let seal = ExtChecksum.seed(before: sealed[...], after: stored)
    return ExtChecksum.seed(ofVolume: seal, inode: number, generation: generation)
  }

  /// Whether the record could be an inode of such a volume, by its shape alone.
  func isPlausible(in layout: Layout) -> Bool {
    guard kind != .none, links <= 65_000, extraSize & 3 == 0 else { return false }
    guard kind == .file || kind == .folder, !hasInlineData else { return true }
    if usesExtents { return map.holds([0x0A, 0xF3], at: 0) && map[2] <= 4 && map[4] == 4 }
    return (0..<15).allSatisfy { index in
      let pointer: UInt32 = field(0x28 + 4 * index)
      return pointer == 0 || layout.isBlock(UInt64(pointer))
    }
  }

  /// Content kept in the inode itself: the 60 bytes of the map, then the attribute `system.data`.
  var inlineContent: [UInt8] {
    let count = Int(clamping: size.rawValue)
    var content = map
    if count > 60 { content += inlineRest ?? [] }
    return Array(content.prefix(count))
  }

  /// - Source: Linux, Documentation/filesystems/ext4/inlinedata.rst and attributes.rst.
  private var inlineRest: [UInt8]? {
    let start = 128 + extraSize
    guard bytes.holds([0, 0, 0x02, 0xEA], at: start) else { return nil }
    let first = start + 4
    var entry = first
    while entry + 16 <= bytes.count, bytes[entry] != 0 || bytes[entry + 1] != 0 {
      let nameLength = Int(bytes[entry])
      let value = first + Int(field(entry + 2, as: UInt16.self))
      let length = Int(clamping: field(entry + 8, as: UInt32.self))
      if bytes[entry + 1] == 7, bytes.holds(Array("data".utf8), at: entry + 16), nameLength == 4 {
        return try? bytes.copy(at: value, count: length)
      }
      entry += (16 + nameLength + 3) & ~3
    }
    return nil
  }
}
