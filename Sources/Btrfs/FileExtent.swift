// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A part of a file, and where it is.
///
///     0x00  u64  generation     0x08  u64  bytes when unpacked     0x10  u8  compression
///     0x11  u8   encryption     0x12  u16  other encoding          0x14  u8  0 inline, 1, 2 reserved
///     inline:   0x15  content
///     else:     0x15  u64  address (0: a hole)   0x1D  u64  bytes there
///               0x25  u64  skipped of the unpacked   0x2D  u64  bytes in the file
///
/// - Source: Linux, include/uapi/linux/btrfs_tree.h, `struct btrfs_file_extent_item`.
struct FileExtent: Hashable, Sendable {
  enum Place: Hashable, Sendable {
    case hole
    /// Given to the file, but not written: reads as zeros.
    case reserved
    /// As it stands in the leaf.
    case inline([UInt8])
    /// A range of addresses, that of the whole extent.
    case stored(Range<ByteOffset>)
  }

  /// In the file, in bytes.
  let start: ByteOffset
  let count: ByteCount
  let place: Place
  /// 0: none, 1: zlib, 2: LZO, 3: Zstandard.
  let compression: UInt8
  /// Bytes of the whole extent when unpacked.
  let unpacked: ByteCount
  /// Bytes before the file's part in the whole extent when unpacked.
  let skipped: ByteCount
  let generation: UInt64

  /// No extent is longer: 128 MiB of data, 256 MiB reserved.
  private static let longest: ByteCount = 0x1000_0000

  /// Nil for what cannot be, or is encrypted.
  init?(_ key: Key, _ bytes: [UInt8], sectorSize: ByteCount) {
    guard let generation = try? bytes.little(UInt64.self, at: 0),
      let unpacked = try? bytes.little(UInt64.self, at: 8),
      let compression = try? bytes.little(UInt8.self, at: 0x10), compression <= 3,
      let coding = try? bytes.little(UInt16.self, at: 0x11), coding & 0xFF == 0,
      let kind = try? bytes.little(UInt8.self, at: 0x14)
    else { return nil }
    self.generation = generation
    self.compression = compression
    self.unpacked = ByteCount(unpacked)
    start = ByteOffset(key.offset)
    if kind == 0 {
      guard let content = try? bytes.copy(at: 0x15, count: bytes.count - 0x15),
        unpacked <= 0x2_0000,
        compression != 0 || UInt64(content.count) == unpacked
      else { return nil }
      count = ByteCount(unpacked)
      place = .inline(content)
      skipped = 0
      return
    }
    guard kind <= 2, let address = try? bytes.little(UInt64.self, at: 0x15),
      let stored = try? bytes.little(UInt64.self, at: 0x1D),
      let skipped = try? bytes.little(UInt64.self, at: 0x25),
      let count = try? bytes.little(UInt64.self, at: 0x2D),
      (try? start + ByteCount(count)) != nil, count > 0
    else { return nil }
    self.count = ByteCount(count)
    self.skipped = ByteCount(skipped)
    if kind == 2 || address == 0 {
      place = kind == 2 ? .reserved : .hole
      return
    }
    let sector = sectorSize.rawValue
    guard let range = try? Range(at: ByteOffset(address), count: ByteCount(stored)),
      range.length > 0, range.length <= Self.longest, address % sector == 0, stored % sector == 0,
      self.count <= Self.longest, skipped <= Self.longest.rawValue, skipped % sector == 0,
      skipped + count <= (compression == 0 ? stored : unpacked)
    else { return nil }
    place = .stored(range)
  }

  var end: ByteOffset { start.advancedClamped(by: count) }

  /// The addresses of all that must be read for it.
  var addresses: Range<ByteOffset>? {
    guard case .stored(let range) = place else { return nil }
    guard compression == 0 else { return range }
    let first = range.lowerBound.advancedClamped(by: skipped)
    return first..<first.advancedClamped(by: count)
  }
}
