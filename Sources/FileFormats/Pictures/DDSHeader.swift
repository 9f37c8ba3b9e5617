// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The header of a DirectDraw surface.
struct DDSHeader {
  /// Bytes of the header itself.
  let size: UInt64
  private let width: UInt64
  private let height: UInt64
  private let depth: UInt64
  private let copies: UInt64
  /// Faces and layers.
  private let parts: UInt64
  /// Bits of a pixel, or bytes of a block of four by four.
  private let pixel: Pixel

  private enum Pixel {
    case bits(UInt64)
    case block(UInt64)
  }

  init(parsing head: [UInt8]) throws {
    let flags = try head.little(UInt32.self, at: 8)
    height = UInt64(try head.little(UInt32.self, at: 12))
    width = UInt64(try head.little(UInt32.self, at: 16))
    let second = try head.little(UInt32.self, at: 112)
    let isVolume = second & 0x20_0000 != 0
    depth = isVolume ? UInt64(try head.little(UInt32.self, at: 24)) : 1
    let counted = UInt64(try head.little(UInt32.self, at: 28))
    copies = flags & 0x2_0000 != 0 ? max(1, counted) : 1
    let faces = UInt64((second & 0xFC00).nonzeroBitCount)
    let code = try head.copy(at: 84, count: 4)
    let kind = try head.little(UInt32.self, at: 80)
    let isNew = kind & 4 != 0 && code == Array("DX10".utf8)
    size = isNew ? 148 : 128
    if isNew {
      let isCube = try head.little(UInt32.self, at: 136) & 4 != 0
      let layers = UInt64(try head.little(UInt32.self, at: 140))
      parts = max(1, layers) &* (isCube ? 6 : 1)
    } else {
      parts = second & 0x200 != 0 ? max(1, faces) : 1
    }
    guard let pixel = try Self.pixel(head, kind: kind, code: code, isNew: isNew),
      try head.little(UInt32.self, at: 76) == 32, (1...0x1_0000).contains(width),
      (1...0x1_0000).contains(height), (1...0x1000).contains(depth), copies <= 17, parts <= 0x3000
    else { throw Malformed("DDS", "an impossible header", at: 8) }
    self.pixel = pixel
  }

  private static func pixel(
    _ head: [UInt8], kind: UInt32, code: [UInt8], isNew: Bool
  ) throws -> Pixel? {
    if isNew { return pixel(modern: try head.little(UInt32.self, at: 128)) }
    guard kind & 4 != 0 else {
      let bits = UInt64(try head.little(UInt32.self, at: 88))
      return [4, 8, 16, 24, 32, 48, 64, 96, 128].contains(bits) ? .bits(bits) : nil
    }
    switch String(decoding: code, as: UTF8.self) {
    case "DXT1", "BC4U", "BC4S", "ATI1", "ETC1", "ETC2": return .block(8)
    case "DXT2", "DXT3", "DXT4", "DXT5", "BC5U", "BC5S", "ATI2", "RXGB", "BC6H", "BC7L", "BC7U":
      return .block(16)
    case "UYVY", "YUY2", "RGBG", "GRGB": return .bits(16)
    default: break
    }
    // Numbers of Direct3D 9 formats take the place of the letters.
    switch try code.little(UInt32.self, at: 0) {
    case 36, 110, 113, 115: return .bits(64)
    case 111: return .bits(16)
    case 112, 114: return .bits(32)
    case 116: return .bits(128)
    default: return nil
    }
  }

  /// By the number of a DXGI format.
  private static func pixel(modern format: UInt32) -> Pixel? {
    switch format {
    case 1...4: .bits(128)
    case 5...8: .bits(96)
    case 9...22: .bits(64)
    case 23...47, 67, 87...93: .bits(32)
    case 48...59, 68, 69, 85, 86, 115: .bits(16)
    case 60...65: .bits(8)
    case 66: .bits(1)
    case 70...72, 79...81: .block(8)
    case 73...78, 82...84, 94...99: .block(16)
    default: nil
    }
  }

  /// The bytes behind the header.
  var length: ByteCount {
    get throws {
      var sum: ByteCount = 0
      for level in 0..<copies {
        let wide = max(1, width >> level)
        let high = max(1, height >> level)
        let deep = ByteCount(max(1, depth >> level))
        let area =
          switch pixel {
          case .bits(let bits): (wide &* bits &+ 7) / 8 &* high
          case .block(let bytes): ((wide &+ 3) / 4) &* ((high &+ 3) / 4) &* bytes
          }
        sum = try sum + deep * area
      }
      return try sum * parts
    }
  }
}
