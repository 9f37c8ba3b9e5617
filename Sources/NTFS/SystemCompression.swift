// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression

/// A file that Windows keeps compressed in a stream of its own, "WofCompressedData", while its data is
/// a hole: what `compact /exe` and the setup of Windows 10 do.
///
/// Its reparse point:
///
///     8   u32  1   12  u32  who provides the data: 1: a WIM archive, 2: the stream
///     16  u32  1   20  u32  0: XPRESS 4 KiB, 1: LZX 32 KiB, 2: XPRESS 8 KiB, 3: XPRESS 16 KiB
///
/// The stream, where the file has n pieces of that size:
///
///     0             u32×(n-1)  where each piece but the first starts, behind this table; u64 where
///                              the file is longer than 4 GiB
///     behind that   pieces, each for itself; what would not shrink, as it is
///
/// - Source: Microsoft, *[MS-FSCC] File System Control Codes*, §2.1.2, and winioctl.h
///   (`FILE_PROVIDER_EXTERNAL_INFO_V1`); E. Biggers, *wimlib*, src/resource.c, for the table.
struct SystemCompression: Hashable, Sendable {
  static let streamName = RawUTF16("WofCompressedData".utf16.flatMap { [UInt8($0), 0] })

  let method: Packed.Method
  let pieceSize: UInt64

  /// More pieces than this, 1 GiB of the smallest, are left compressed.
  private static let mostPieces: UInt64 = 0x4_0000
  /// The least that a piece takes, but for those that hold hardly anything: a volume has no more of them
  /// than it has room for, unless its files lie one over the other.
  static let leastStored: UInt64 = 256
  /// The longest file of which the pieces lie in its record, or are compressed by NTFS as well.
  private static let mostAtOnce: ByteCount = 0x10_0000

  /// Nil where another provider has the data, or compressed it in another way.
  init?(_ bytes: [UInt8]) {
    guard (try? bytes.little(UInt32.self, at: 8)) == 1,
      (try? bytes.little(UInt32.self, at: 12)) == 2,
      (try? bytes.little(UInt32.self, at: 16)) == 1,
      let algorithm = try? bytes.little(UInt32.self, at: 20)
    else { return nil }
    switch algorithm {
    case 0: (method, pieceSize) = (.xpressHuffman, 0x1000)
    case 1: (method, pieceSize) = (.lzx, 0x8000)
    case 2: (method, pieceSize) = (.xpressHuffman, 0x2000)
    case 3: (method, pieceSize) = (.xpressHuffman, 0x4000)
    default: return nil
    }
  }

  /// The file's `size` bytes, as pieces of its compressed stream; nil where that holds no such file.
  ///
  /// - Parameter room: how many more pieces the volume may have.
  func extents(
    of stream: [Extent], size: ByteCount, in source: Source, room: inout UInt64
  ) -> [Extent]? {
    let count = size.rawValue / pieceSize + (size.rawValue % pieceSize == 0 ? 0 : 1)
    guard count > 0 else { return [] }
    let file = source.joined(stream)
    // What is unpacked at once takes memory.
    let isAtOnce = stream.contains { $0.range == nil && $0.place != .lost }
    let cost = count + (isAtOnce ? size.rawValue / Self.leastStored : 0)
    guard count <= Self.mostPieces, cost <= room, !isAtOnce || size <= Self.mostAtOnce else {
      return nil
    }
    // Tried is paid for: each of a million records may promise as many pieces.
    room -= cost
    guard let starts = starts(of: count, size, in: file) else { return nil }
    var result: [Extent] = []
    var last = size.rawValue % pieceSize
    if last == 0 { last = pieceSize }
    for (index, range) in zip(starts, starts.dropFirst()).enumerated() {
      let length = ByteCount(index == starts.count - 2 ? last : pieceSize)
      result.append(piece(range.0, range.1, length, in: file))
    }
    guard result.contains(where: { $0.place != .lost }) else { return nil }
    return result.coalesced
  }

  /// Where each piece starts in the stream, and where the last one ends.
  private func starts(of count: UInt64, _ size: ByteCount, in file: Source) -> [UInt64]? {
    let width: UInt64 = size.rawValue > 0xFFFF_FFFF ? 8 : 4
    let first = (count - 1) * width
    guard let table = try? file.read(at: 0, count: ByteCount(first)) else { return nil }
    var result = [first]
    for at in stride(from: 0, to: table.count, by: Int(width)) {
      let start: UInt64? =
        width == 8
        ? try? table.little(UInt64.self, at: at)
        : (try? table.little(UInt32.self, at: at)).map(UInt64.init)
      result.append(first.addingReportingOverflow(start ?? 0).partialValue)
    }
    return result + [file.length.rawValue]
  }

  /// A piece that lies at `start ..< end` of the stream; lost where that cannot be.
  private func piece(
    _ start: UInt64, _ end: UInt64, _ length: ByteCount, in file: Source
  ) -> Extent {
    guard start < end, end - start <= length.rawValue,
      let stored = try? file.onMedium(ByteOffset(start)..<ByteOffset(end))
    else { return Extent(.lost, count: length) }
    if end - start == length.rawValue, stored.count == 1, let whole = stored.first { return whole }
    if stored.allSatisfy({ $0.range != nil }) {
      return Extent(
        .packed(Packed(method, stored: stored.mediumRanges, length: length)), count: length)
    }
    // In the record itself, or compressed twice.
    guard !stored.contains(where: { $0.place == .lost }),
      let bytes = try? file.read(at: ByteOffset(start), count: ByteCount(end - start))
    else { return Extent(.lost, count: length) }
    if end - start == length.rawValue { return Extent(bytes: bytes) }
    let piece = Packed(method, stored: [], length: length)
    return (try? Unpacking.unpack(piece, bytes)).map { Extent(bytes: $0) }
      ?? Extent(.lost, count: length)
  }
}
