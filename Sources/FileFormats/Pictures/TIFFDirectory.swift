// SPDX-License-Identifier: Apache-2.0

import Bytes

/// One directory of a TIFF structure: entries, each with a tag, and the place of the next directory.
///
/// | Offset | Size | Field | Unit                                                   |
/// |-------:|-----:|-------|--------------------------------------------------------|
/// |   0x00 |    2 | count | entries; BigTIFF: 8 bytes                              |
/// |   0x02 |   12 | entry | tag, type, count, value or its offset; BigTIFF: 20     |
/// |      … |    4 | next  | offset of the next directory, or 0; BigTIFF: 8         |
///
/// - Source: Adobe, *TIFF Revision 6.0*, §2 "Image File Directory".
struct TIFFDirectory {
  struct Entry {
    let tag: UInt16
    let type: UInt16
    let count: UInt64
    /// Where the value stands: in the entry itself where it fits.
    let place: ByteOffset
    let length: ByteCount

    /// The size of one of its numbers, where they are whole; else nil.
    var wholeNumberWidth: Int? {
      switch type {
      case 1, 7: 1
      case 3: 2
      case 4, 9, 13: 4
      case 16, 17, 18: 8
      default: nil
      }
    }
  }

  private static let mostEntries: UInt64 = 4096
  private static let sizes: [UInt64] = [
    0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8,
  ]

  let entries: [Entry]
  let next: ByteOffset
  let end: ByteOffset

  /// Reads the directory at `start`; throws `Malformed` where none can be, and `Truncated` where it
  /// reaches beyond the file.
  init(_ reader: TIFFReader, at start: ByteOffset) throws {
    let countWidth: UInt64 = reader.isBig ? 8 : 2
    let width = reader.isBig ? 20 : 12
    let head = try reader.file.read(at: start, count: ByteCount(countWidth))
    let count =
      reader.isBig
      ? try reader.number(UInt64.self, in: head, at: 0)
      : UInt64(try reader.number(UInt16.self, in: head, at: 0))
    guard count > 0, count <= Self.mostEntries else {
      throw Malformed("TIFF", "a directory of \(count) entries", at: start)
    }
    let bytes = try reader.file.read(
      at: start + ByteCount(countWidth), count: ByteCount(clamping: width) * count)
    var entries: [Entry] = []
    for index in 0..<Int(clamping: count) {
      let place = try start + ByteCount(countWidth) + ByteCount(clamping: index * width)
      entries.append(try Self.entry(reader, bytes, at: index * width, place))
    }
    self.entries = entries
    let behind = try start + ByteCount(countWidth) + ByteCount(clamping: bytes.count)
    let link = try reader.file.readPrefix(at: behind, count: reader.isBig ? 8 : 4)
    // Some writers leave the link out at the very end of the file.
    let isLinked = link.count == (reader.isBig ? 8 : 4)
    end = try behind + ByteCount(clamping: link.count)
    next =
      !isLinked
      ? 0
      : reader.isBig
        ? ByteOffset(try reader.number(UInt64.self, in: link, at: 0))
        : ByteOffset(UInt64(try reader.number(UInt32.self, in: link, at: 0)))
  }

  private static func entry(
    _ reader: TIFFReader, _ bytes: [UInt8], at index: Int, _ place: ByteOffset
  ) throws -> Entry {
    let type = try reader.number(UInt16.self, in: bytes, at: index + 2)
    guard Int(type) < sizes.count, sizes[Int(type)] > 0 else {
      throw Malformed("TIFF", "an entry of unknown type \(type)", at: place)
    }
    let tag = try reader.number(UInt16.self, in: bytes, at: index)
    let valueAt = index + (reader.isBig ? 12 : 8)
    let count: UInt64
    let offset: UInt64
    if reader.isBig {
      count = try reader.number(UInt64.self, in: bytes, at: index + 4)
      offset = try reader.number(UInt64.self, in: bytes, at: valueAt)
    } else {
      count = UInt64(try reader.number(UInt32.self, in: bytes, at: index + 4))
      offset = UInt64(try reader.number(UInt32.self, in: bytes, at: valueAt))
    }
    let length = try ByteCount(sizes[Int(type)]) * count
    let isInside = length <= (reader.isBig ? 8 : 4)
    let own = try place + (reader.isBig ? 12 : 8)
    return Entry(
      tag: tag, type: type, count: count, place: isInside ? own : ByteOffset(offset),
      length: length)
  }

  subscript(_ tag: UInt16) -> Entry? { entries.first { $0.tag == tag } }
}
