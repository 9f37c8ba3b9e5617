// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The header of a Netpbm picture.
struct PNMHeader {
  let type: String
  let isText: Bool
  /// Whether it is text in which each digit is a sample.
  let isDigits: Bool
  /// Samples altogether.
  let count: UInt64
  let maximum: UInt64
  /// The bytes of all samples, where they are no text.
  let length: ByteCount
  let data: ByteOffset

  /// Throws `Truncated` where it goes on behind `bytes`.
  init(parsing bytes: [UInt8]) throws {
    let kind = try bytes.little(UInt8.self, at: 1)
    guard bytes[0] == 0x50 else { throw Malformed("PNM", "no mark") }
    var text = PNMText(bytes: bytes, index: 2)
    var isFloat = false
    var channels: UInt64 = 1
    var width: UInt64 = 0
    var height: UInt64 = 0
    var maximum: UInt64 = 1
    switch kind {
    case 0x37: (width, height, channels, maximum) = try text.fields()
    case 0x46, 0x66:
      (width, height) = (try text.number(), try text.number())
      isFloat = true
      try text.scale()
      channels = kind == 0x46 ? 3 : 1
    case 0x31...0x36:
      (width, height) = (try text.number(), try text.number())
      if kind != 0x31, kind != 0x34 { maximum = try text.number() }
      channels = kind == 0x33 || kind == 0x36 ? 3 : 1
    default: throw Malformed("PNM", "an unknown kind", at: 1)
    }
    guard (1...1_000_000).contains(width), (1...1_000_000).contains(height),
      (1...64).contains(channels), (1...65_535).contains(maximum)
    else { throw Malformed("PNM", "an impossible size", at: 2) }
    if kind != 0x37 { try text.blank() }
    isText = kind <= 0x33
    isDigits = kind == 0x31
    guard !isText || width &* height < 0x1000_0000 else {
      throw Malformed("PNM", "an impossible size", at: 2)
    }
    count = width &* height &* channels
    self.maximum = maximum
    data = ByteOffset(ByteCount(clamping: text.index))
    let size: UInt64 = isFloat ? 4 : maximum > 255 ? 2 : 1
    length = ByteCount(kind == 0x34 ? (width &+ 7) / 8 &* height : count &* size)
    switch kind {
    case 0x31, 0x34: type = "pbm"
    case 0x32, 0x35: type = "pgm"
    case 0x33, 0x36: type = "ppm"
    case 0x37: type = "pam"
    default: type = "pfm"
    }
  }
}
