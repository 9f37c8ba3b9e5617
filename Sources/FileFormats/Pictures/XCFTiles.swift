// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The tiles of a GIMP picture, in the order in which they lie in the file.
///
///     n < 127 v   n + 1 times v        127 u16 n v   n times v
///     128 u16 n … n bytes as they are  n > 128 …     256 - n bytes as they are
///
/// - Source: GIMP developers, *The XCF file format*, "Tile data".
struct XCFTiles {
  private var window: Window
  /// 0 none, 1 run lengths, 2 zlib.
  var method: UInt8 = 0
  private(set) var end: ByteOffset = 0
  private(set) var areDecoded = true

  init(_ file: Source) { window = Window(file) }

  /// Follows one tile, which lies behind those before it.
  mutating func pass(
    at place: ByteOffset, pixels: UInt64, pixel: UInt64, isFirst: Bool
  ) throws {
    guard place >= end, place > 0 else {
      throw Malformed("XCF", "a tile lies amid others", at: place)
    }
    // A tile that ends before the next begins may have been decoded from anything.
    if !isFirst, place > end { areDecoded = false }
    switch method {
    case 0:
      areDecoded = false
      end = try place + ByteCount(pixels &* pixel)
    case 1:
      end = place
      for _ in 0..<pixel { try passRuns(pixels) }
    case 2:
      end = try PSDRows.inflate(window.file, at: place, count: ByteCount(pixels &* pixel))
    default: throw Malformed("XCF", "unknown compression", at: place)
    }
    guard end <= window.file.range.upperBound else { throw Truncated() }
  }

  private mutating func passRuns(_ pixels: UInt64) throws {
    var left = pixels
    while left > 0 {
      let lead = try window.byte(at: end)
      let isLong = lead == 127 || lead == 128
      let count =
        isLong
        ? UInt64(try window.big(UInt16.self, at: end + 1))
        : lead < 127 ? UInt64(lead) &+ 1 : 256 &- UInt64(lead)
      guard count > 0, count <= left else {
        throw Malformed("XCF", "a run leaves its tile", at: end)
      }
      left &-= count
      end = try end + (isLong ? 3 : 1) + (lead < 128 ? 1 : ByteCount(count))
    }
  }
}
