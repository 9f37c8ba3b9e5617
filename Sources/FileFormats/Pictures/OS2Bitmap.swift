// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A bitmap file header of OS/2 and the bitmap header behind it.
struct OS2Bitmap {
  static let kinds = ["IC", "CI", "PT", "CP", "BM"]
  let kind: String
  let pixels: UInt64
  let header: BitmapHeader

  init(parsing bytes: [UInt8], at start: Int) throws {
    kind = String(decoding: try bytes.copy(at: start, count: 2), as: UTF8.self)
    pixels = UInt64(try bytes.little(UInt32.self, at: start + 10))
    header = try BitmapHeader(parsing: bytes, at: start + 14)
    guard Self.kinds.contains(kind), header.size <= 64, pixels < 0x100_0000,
      kind == "BM" || (header.width <= 1024 && header.height <= 2048)
    else {
      throw Malformed("OS/2", "no bitmap starts here", at: ByteOffset(ByteCount(clamping: start)))
    }
  }

  /// The bytes from its start to that of what stands behind its palette: of as many colours as it says,
  /// or as its depth allows.
  var lengths: [UInt64] {
    let colours = header.depth <= 8 ? UInt64(1) << header.depth : 0
    let full = 14 &+ UInt64(header.size) &+ colours &* (header.size == 12 ? 3 : 4)
    return [full, 14 &+ header.paletteEnd]
  }

  var end: ByteOffset {
    get throws {
      if case .rows = header.coding { return try ByteOffset(pixels) + header.pixelLength }
      return try ByteOffset(pixels) + ByteCount(UInt64(header.imageSize))
    }
  }
}
