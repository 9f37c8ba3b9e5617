// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The snapshots of a volume that Windows keeps on it (Volume Shadow Copy): how many there are.
///
///     header, at 0x1E00 of the volume:
///     0x00  GUID  3808876B-C176-4E48-B7AE-04046E6CC752   0x14  u32  1
///     0x30  u64   the first block of the catalogue, in bytes of the volume; 0: none
///     block of the catalogue, 16 KiB:
///     0x00  the same GUID   0x14  u32  2   0x28  u64  the next block; 0: none
///     from 0x80 on, entries of 128 bytes:  0x00  u64  2: a snapshot
///
/// - Source: J. Metz, *Volume Shadow Snapshot (VSS) format*, §§3 and 4.
struct ShadowCopies: Sendable {
  private static let headerOffset: ByteOffset = 0x1E00
  private static let identifier: [UInt8] = [
    0x6B, 0x87, 0x08, 0x38, 0x76, 0xC1, 0x48, 0x4E, 0xB7, 0xAE, 0x04, 0x04, 0x6E, 0x6C, 0xC7, 0x52,
  ]
  private static let blockSize: ByteCount = 0x4000
  private static let entrySize = 128
  /// Windows keeps 64 snapshots at most.
  private static let mostBlocks = 64

  /// Nil where the catalogue cannot be read to its end.
  let count: Int?

  /// Nil where the volume never had any.
  init?(in source: Source) {
    guard let header = try? source.read(at: Self.headerOffset, count: 0x60),
      header.holds(Self.identifier, at: 0), (try? header.little(UInt32.self, at: 0x14)) == 1,
      let first = try? header.little(UInt64.self, at: 0x30), first > 0
    else { return nil }
    count = Self.count(from: first, in: source)
  }

  private static func count(from first: UInt64, in source: Source) -> Int? {
    var count = 0
    var next = first
    for _ in 0..<mostBlocks where next != 0 {
      guard let block = try? source.read(at: ByteOffset(next), count: blockSize),
        block.holds(identifier, at: 0), (try? block.little(UInt32.self, at: 0x14)) == 2,
        let behind = try? block.little(UInt64.self, at: 0x28)
      else { return nil }
      for at in stride(from: entrySize, to: block.count, by: entrySize)
      where (try? block.little(UInt64.self, at: at)) == 2 { count += 1 }
      next = behind
    }
    return next == 0 ? count : nil
  }

  /// What to tell of the volume; nil where there are none any more.
  var remark: String? {
    switch count {
    case 0: nil
    case let count?: "shadow copies on it: \(count); what they alone hold is not looked for"
    case nil: "shadow copies on it, of which the catalogue is damaged; they are not looked at"
    }
  }
}
