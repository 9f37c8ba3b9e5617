// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Sun raster pictures: a header of eight numbers, a colour map, rows filled up to two bytes, plain or
  /// run-length coded.
  ///
  ///     0  59 A6 6A 95   4  u32 width   8  u32 height   12  u32 depth   16  u32 length
  ///     20  u32 type: 0 old, 1 plain, 2 run lengths, 3 RGB   24  u32 kind of map   28  u32 its length
  ///     80 00  the byte 80      80 n v  n + 1 times v
  ///
  /// - Source: Sun Microsystems, *rasterfile(5)*.
  package static let sun = FileFormat(
    id: "ras", name: "Sun raster picture", category: .photo, extensions: ["ras", "sun", "rs"],
    validation: .decoding, signatures: [Signature([0x59, 0xA6, 0x6A, 0x95])],
    maximumSize: 0x4000_0000,
    resembles: { bytes in
      guard let depth = try? bytes.big(UInt32.self, at: 12),
        let type = try? bytes.big(UInt32.self, at: 20),
        let map = try? bytes.big(UInt32.self, at: 24)
      else { return false }
      return [1, 8, 24, 32].contains(depth) && type <= 5 && map <= 2
    }
  ) { file in
    try Examination.walk("ras", file) {
      let head = try file.read(at: 0, count: 32)
      let width = UInt64(try head.big(UInt32.self, at: 4))
      let height = UInt64(try head.big(UInt32.self, at: 8))
      let depth = UInt64(try head.big(UInt32.self, at: 12))
      let stated = UInt64(try head.big(UInt32.self, at: 16))
      let type = try head.big(UInt32.self, at: 20)
      let map = UInt64(try head.big(UInt32.self, at: 28))
      guard (1...0xF_FFFF).contains(width), (1...0xF_FFFF).contains(height), depth <= 32, type <= 3
      else { throw Malformed("Sun raster", "an impossible header", at: 4) }
      let start = try ByteOffset(32) + ByteCount(map)
      let filled = (width &* depth &+ 15) / 16 &* 2 &* height
      let tight = (width &* depth &+ 7) / 8 &* height
      if type == 2 {
        let end = try SunRuns.end(file, from: start, count: filled, most: stated)
        guard end <= file.range.upperBound else { throw Truncated() }
        let isAgreed = try end == start + ByteCount(stated)
        return .whole(
          "ras", "Sun raster", end: end,
          and: isAgreed ? [.decoded("Sun raster")] : [.payloadUnchecked])
      }
      // Some writers do not fill their rows up, and say so in the length alone.
      let end = try start + ByteCount(stated == tight ? tight : filled)
      guard end <= file.range.upperBound else { throw Truncated() }
      return .whole("ras", "Sun raster", end: end, and: [.payloadUnchecked])
    }
  }
}

/// The run-length codes of a Sun raster picture.
private enum SunRuns {
  /// Where the codes for `count` bytes end, or `most` bytes where a writer did not fill rows up.
  static func end(
    _ file: Source, from start: ByteOffset, count: UInt64, most: UInt64
  ) throws -> ByteOffset {
    var window = Window(file)
    var position = start
    var left = count
    let limit = try most > 0 ? start + ByteCount(most) : file.range.upperBound
    while left > 0 {
      if position == limit, most > 0 { return position }
      var length: UInt64 = 1
      if try window.byte(at: position) != 0x80 {
        position = try position + 1
      } else {
        let more = try window.byte(at: position + 1)
        length = UInt64(more) &+ 1
        position = try position + (more == 0 ? 2 : 3)
      }
      guard length <= left, position <= limit else {
        throw position > file.range.upperBound
          ? Truncated() : Malformed("Sun raster", "a run leaves the picture", at: position)
      }
      left &-= length
    }
    return position
  }
}
