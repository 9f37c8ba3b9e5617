// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression

/// The rows of a picture or a channel in a Photoshop document.
enum PSDRows {
  /// Follows a table of row lengths and the run-length coded rows; returns where they end.
  static func follow(
    _ window: inout Window, at start: ByteOffset, rows: UInt64, rowLength: UInt64, isLarge: Bool
  ) throws -> ByteOffset {
    let width: UInt64 = isLarge ? 4 : 2
    var position = try start + ByteCount(rows) * width
    guard position <= window.file.range.upperBound else { throw Truncated() }
    var table = Window(window.file)
    for row in 0..<rows {
      let entry = try start + ByteCount(row) * width
      let length =
        isLarge
        ? UInt64(try table.big(UInt32.self, at: entry))
        : UInt64(try table.big(UInt16.self, at: entry))
      let range = try Range(at: position, count: ByteCount(length))
      try PackBits.check(&window, row: range, count: rowLength)
      position = range.upperBound
    }
    return position
  }

  /// Decompresses rows of `count` bytes altogether; returns where their zlib stream ends.
  static func inflate(
    _ file: Source, at start: ByteOffset, count: ByteCount
  ) throws -> ByteOffset {
    let inflated = try Inflation.inflate(
      file, from: start, wrapper: .zlib, limit: count.rawValue)
    if inflated.end == .truncated { throw Truncated() }
    guard inflated.end == .complete, inflated.produced == count.rawValue else {
      throw Malformed("PSD", "its pixels do not inflate", at: start)
    }
    return try start + inflated.consumed
  }
}
