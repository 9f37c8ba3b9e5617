// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression

/// One frame of a Zstandard file: a header, blocks up to the one marked as the last, a checksum.
///
///     0  28 B5 2F FD   4  u8 descriptor: size of the content size (6-7), no window (5),
///        reserved (3), checksum (2), size of the dictionary's number (0-1)
///     then window, dictionary's number, content size; blocks: u24 last (0), kind (1-2), size
///
/// - Source: RFC 8878, §3.1.1 "Zstandard Frames" and §3.1.2 "Skippable Frames".
enum ZstandardFrame {
  static let mark: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
  private static let mostBlocks = 100_000_000

  /// The frame at `position`; nil where none starts.
  static func part(of file: Source, at position: ByteOffset) throws -> PackedStreams.Part? {
    let head = try file.readPrefix(at: position, count: 32)
    if head.holds([0x2A, 0x4D, 0x18], at: 1), head[0] & 0xF0 == 0x50 {
      let length = ByteCount(UInt64(try head.little(UInt32.self, at: 4)))
      // Nothing speaks for what it holds, but little stands there: sizes, a table.
      return .passed(end: try position + 8 + length, isChecked: length <= 0x1_0000)
    }
    guard head.holds(mark, at: 0), let header = try? Head(head) else { return nil }
    let decoding = try Decoding.zstandard(file, from: position, limit: PackedStreams.longest)
    if decoding.end == .notHandled || header.hasDictionary {
      // A window too wide, a dictionary that is not here: the blocks still tell the end.
      return .passed(
        end: try end(of: header, in: file, from: position + header.length), isChecked: false)
    }
    return .stream(
      decoding, end: position.advancedClamped(by: decoding.consumed),
      isChecked: header.hasChecksum)
  }

  /// The end of a frame by its blocks' sizes.
  private static func end(
    of header: Head, in file: Source, from start: ByteOffset
  ) throws -> ByteOffset {
    var window = Window(file, span: 4096)
    var position = start
    for _ in 0..<mostBlocks {
      let block = try BlockHead(window.copy(at: position, count: 3), at: position)
      position = try position + 3 + block.storedSize
      if block.isLast { return try position + (header.hasChecksum ? 4 : 0) }
    }
    throw Malformed("Zstandard", "there are too many blocks", at: position)
  }

  /// What a frame begins with; made from its first bytes, 32 unless the file ends before.
  struct Head {
    let length: ByteCount
    let hasChecksum: Bool
    let hasDictionary: Bool

    init(_ bytes: [UInt8]) throws {
      let descriptor = try bytes.little(UInt8.self, at: 4)
      guard descriptor & 0x18 == 0 else {
        throw Malformed("Zstandard", "the header of a frame is wrong", at: 4)
      }
      hasChecksum = descriptor & 4 != 0
      let isSingle = descriptor & 0x20 != 0
      let dictionary = [0, 1, 2, 4][Int(descriptor & 3)]
      let size = [isSingle ? 1 : 0, 2, 4, 8][Int(descriptor >> 6)]
      let count = 5 + (isSingle ? 0 : 1) + dictionary + size
      length = ByteCount(clamping: count)
      let number = try bytes.copy(at: isSingle ? 5 : 6, count: dictionary)
      hasDictionary = number.contains { $0 != 0 }
      _ = try BlockHead(bytes.copy(at: count, count: 3), at: 0)
    }
  }

  private struct BlockHead {
    let isLast: Bool
    let storedSize: ByteCount

    init(_ bytes: [UInt8], at offset: ByteOffset) throws {
      let word = UInt32(try bytes.little(UInt16.self, at: 0)) | UInt32(bytes[2]) << 16
      let kind = word >> 1 & 3
      let size = word >> 3
      guard kind < 3, kind == 1 || size <= 0x2_0000 else {
        throw Malformed("Zstandard", "no block starts here", at: offset)
      }
      isLast = word & 1 != 0
      storedSize = kind == 1 ? 1 : ByteCount(UInt64(size))
    }
  }
}
