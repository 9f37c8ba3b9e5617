// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The run-length codes of a bitmap, followed row by row to their end code: none may leave its row.
///
///     n v          n pixels of value v (24 bits: n b g r)
///     0 0          end of row          0 1    end of bitmap
///     0 2 dx dy    move                0 n …  n pixels as they are, filled up to two bytes
///
/// - Source: Microsoft, *Bitmap Compression*; IBM, *OS/2 2.0 Presentation Manager Reference*.
struct BitmapRuns {
  private var window: Window
  private var position: ByteOffset
  private let header: BitmapHeader
  private let depth: Int
  private var column: UInt64 = 0
  private var row: UInt64 = 0
  private let isStrict: Bool

  /// - Parameter isStrict: whether runs must keep to their rows.
  init(
    _ file: Source, at start: ByteOffset, header: BitmapHeader, depth: Int, isStrict: Bool = true
  ) {
    self.isStrict = isStrict
    window = Window(file)
    position = start
    self.header = header
    self.depth = depth
  }

  /// Returns where the codes end. Writers that leave the end code out end with the last row, where
  /// the size of the file says so.
  mutating func follow(stated: ByteOffset) throws -> ByteOffset {
    let first = position
    while true {
      guard isStrict || position <= stated else {
        throw Malformed("BMP", "its runs go on behind its end", at: position)
      }
      let isFull = row >= header.height || (row + 1 == header.height && column >= header.width)
      if isFull, position == stated, try !window.holds([0, 1], at: position) { return position }
      let count = try window.byte(at: position)
      if count > 0 {
        column &+= UInt64(count)
        position = try position + ByteCount(UInt64(depth == 24 ? 4 : 2))
        try checkColumn()
        continue
      }
      let code = try window.byte(at: position + 1)
      switch code {
      case 0:
        row &+= 1
        column = 0
        position = try position + 2
      case 1:
        guard position > first else {
          throw Malformed("BMP", "its runs end before they begin", at: position)
        }
        return try position + 2
      case 2:
        column &+= UInt64(try window.byte(at: position + 2))
        row &+= UInt64(try window.byte(at: position + 3))
        position = try position + 4
      default:
        column &+= UInt64(code)
        let bytes = (UInt64(code) &* UInt64(depth) &+ 7) / 8
        position = try position + 2 + ByteCount(bytes &+ (bytes & 1))
      }
      try checkColumn()
    }
  }

  private func checkColumn() throws(Malformed) {
    // Half a byte more than a row of four-bit pixels is what some writers count.
    guard column <= header.width &+ 3 || !isStrict, row <= header.height else {
      throw Malformed("BMP", "a run leaves its row", at: position)
    }
    guard row < header.height || column == 0 || !isStrict else {
      throw Malformed("BMP", "pixels behind the last row", at: position)
    }
  }
}
