// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The information header of a bitmap, as it stands in bitmap files, icons and pointers.
///
/// | Offset | Size | Field       | Unit                                                  |
/// |-------:|-----:|-------------|-------------------------------------------------------|
/// |   0x00 |    4 | size        | bytes; 12 for OS/2 1.x, whose numbers are of 2 bytes   |
/// |   0x04 |  2/4 | width       | pixels                                                |
/// |      … |  2/4 | height      | rows; negative where the first row is the upper one   |
/// |      … |    2 | planes      | 1                                                     |
/// |      … |    2 | depth       | bits                                                  |
/// |   0x10 |    4 | compression |                                                       |
/// |   0x14 |    4 | image size  | bytes, or 0                                           |
/// |   0x70 |    4 | profile     | from this header's start (version 5)                  |
/// |   0x74 |    4 | its size    | bytes                                                 |
///
/// - Source: Microsoft, *BITMAPV5HEADER*; IBM, *OS/2 2.0 Presentation Manager Reference*.
struct BitmapHeader {
  enum Coding {
    case rows
    /// Run-length codes for pixels of so many bits.
    case runs(Int)
    /// A picture in a format of its own, of a stated size.
    case opaque
  }

  /// The sizes in use: those of Windows, and the ones OS/2 2.x may be cut down to.
  static let sizes: [UInt32] = [12, 16, 24, 32, 36, 40, 42, 48, 52, 56, 60, 64, 108, 124]

  let size: UInt32
  let width: UInt64
  let height: UInt64
  let depth: UInt64
  let coding: Coding
  let imageSize: UInt32
  /// The bytes from its start to behind the palette.
  let paletteEnd: UInt64
  /// Where a colour profile behind the pixels ends, in the file; nil where there is none.
  let profile: ByteOffset?

  /// Throws `Malformed` where no header can be.
  ///
  /// - Parameter start: where it stands in `bytes`.
  init(parsing bytes: [UInt8], at start: Int) throws {
    let offset = ByteOffset(ByteCount(clamping: start))
    size = try bytes.little(UInt32.self, at: start)
    guard Self.sizes.contains(size) else {
      throw Malformed("bitmap", "a header of \(size) bytes", at: offset)
    }
    let isCore = size == 12
    let behind = start + (isCore ? 8 : 12)
    let tall = try isCore ? 0 : bytes.little(Int32.self, at: start + 8)
    width = UInt64(
      try isCore
        ? UInt32(bytes.little(UInt16.self, at: start + 4))
        : bytes.little(UInt32.self, at: start + 4))
    height = UInt64(
      try isCore ? UInt32(bytes.little(UInt16.self, at: start + 6)) : tall.magnitude)
    depth = UInt64(try bytes.little(UInt16.self, at: behind + 2))
    let planes = try bytes.little(UInt16.self, at: behind)
    let method = try size >= 20 ? bytes.little(UInt32.self, at: start + 16) : 0
    imageSize = try size >= 24 ? bytes.little(UInt32.self, at: start + 20) : 0
    guard planes == 1, (1...0x3_FFFF).contains(width), (1...0x3_FFFF).contains(height),
      let coding = Self.coding(method, depth: depth, size: size)
    else { throw Malformed("bitmap", "an impossible header", at: offset) }
    self.coding = coding
    let used = UInt64(try size >= 36 ? bytes.little(UInt32.self, at: start + 32) : 0)
    let colours = depth > 8 ? 0 : used > 0 ? min(used, 256) : 1 << depth
    paletteEnd = UInt64(size) &+ colours &* (isCore ? 3 : 4)
    profile = try Self.profileEnd(bytes, at: start, size: size)
  }

  private static func coding(_ method: UInt32, depth: UInt64, size: UInt32) -> Coding? {
    let isOS2 = size < 40 || size == 64 || size == 42 || size == 48 || size == 60
    switch (method, depth) {
    case (0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (0, 24), (0, 32), (0, 64): return .rows
    case (1, 8): return .runs(8)
    case (2, 4): return .runs(4)
    case (3, 1) where isOS2: return .opaque
    case (4, 24) where isOS2: return .runs(24)
    case (3, 16), (3, 32), (6, 16), (6, 32): return .rows
    case (4, 0), (5, 0), (4, 24), (5, 24), (5, 32): return .opaque
    default: return nil
    }
  }

  private static func profileEnd(
    _ bytes: [UInt8], at start: Int, size: UInt32
  ) throws -> ByteOffset? {
    guard size == 124,
      [0x4D42_4544, 0x4C49_4E4B].contains(
        try bytes.little(UInt32.self, at: start + 56))
    else { return nil }
    let place = UInt64(try bytes.little(UInt32.self, at: start + 112))
    let length = UInt64(try bytes.little(UInt32.self, at: start + 116))
    guard place > 0, length > 0 else { return nil }
    return try ByteOffset(ByteCount(clamping: start)) + ByteCount(place) + ByteCount(length)
  }

  /// The bytes of one row: filled up to four.
  var rowLength: ByteCount { ByteCount((width &* depth &+ 31) / 32 &* 4) }

  /// The bytes of all rows, not coded.
  var pixelLength: ByteCount { ByteCount(rowLength.rawValue &* height) }
}
