// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The header of a TIFF structure, classic or big, and how to read numbers of its byte order.
///
/// | Offset | Size | Field        | Unit                                    |
/// |-------:|-----:|--------------|-----------------------------------------|
/// |   0x00 |    2 | byte order   | `II` or `MM`                            |
/// |   0x02 |    2 | version      | 42; 43 for BigTIFF; makers' own for raw |
/// |   0x04 |    4 | first        | offset; BigTIFF: 8 bytes at 0x08        |
///
/// - Source: Adobe, *TIFF Revision 6.0*, §2; BigTIFF: AWare Systems, *BigTIFF Design*.
struct TIFFReader {
  /// The versions of camera makers' raw files, which are TIFF otherwise.
  private static let makers: Set<UInt16> = [0x0055, 0x4F52, 0x5352]
  /// The most numbers of one entry that are read.
  private static let mostNumbers: UInt64 = 1_000_000

  let file: Source
  let isBigEndian: Bool
  let isBig: Bool
  let version: UInt16
  let first: ByteOffset

  /// Throws `Malformed` where no such header stands at the start of `file`.
  init(_ file: Source) throws {
    self.file = file
    let head = try file.read(at: 0, count: 8)
    switch (head[0], head[1]) {
    case (0x49, 0x49): isBigEndian = false
    case (0x4D, 0x4D): isBigEndian = true
    default: throw Malformed("TIFF", "no byte order")
    }
    version =
      isBigEndian ? try head.big(UInt16.self, at: 2) : try head.little(UInt16.self, at: 2)
    guard version == 42 || version == 43 || Self.makers.contains(version) else {
      throw Malformed("TIFF", "an unknown version", at: 2)
    }
    isBig = version == 43
    if isBig {
      let offset = try file.little(UInt64.self, at: 8)
      first = ByteOffset(isBigEndian ? offset.byteSwapped : offset)
    } else {
      let offset = try head.little(UInt32.self, at: 4)
      first = ByteOffset(UInt64(isBigEndian ? offset.byteSwapped : offset))
    }
    guard first >= 8 else { throw Malformed("TIFF", "the first directory is inside the header") }
  }

  func number<T: FixedWidthInteger>(
    _ type: T.Type = T.self, in bytes: [UInt8], at index: Int
  ) throws(Truncated) -> T {
    isBigEndian ? try bytes.big(type, at: index) : try bytes.little(type, at: index)
  }

  /// The numbers of an entry of whole numbers, as offsets and lengths are; none for another type.
  func numbers(_ entry: TIFFDirectory.Entry) throws -> [UInt64] {
    guard entry.count <= Self.mostNumbers else {
      throw Malformed("TIFF", "an entry of too many numbers", at: entry.place)
    }
    guard let width = entry.wholeNumberWidth else { return [] }
    let bytes = try file.read(at: entry.place, count: entry.length)
    return try stride(from: 0, to: bytes.count, by: width).map { index in
      switch width {
      case 1: UInt64(bytes[index])
      case 2: UInt64(try number(UInt16.self, in: bytes, at: index))
      case 4: UInt64(try number(UInt32.self, in: bytes, at: index))
      default: try number(UInt64.self, in: bytes, at: index)
      }
    }
  }

  /// The text of an entry; nil where it holds none.
  func text(_ entry: TIFFDirectory.Entry?) -> String? {
    guard let entry, entry.type == 2 else { return nil }
    return (try? file.read(at: entry.place, count: min(entry.length, 200)))
      .flatMap { ContentText.text($0) }
  }
}
