// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

/// The header of a TGA picture, with nothing in it that real writers do not write.
struct TGAHeader {
  let isCoded: Bool
  let pixels: UInt64
  let pixelSize: UInt64
  let data: ByteOffset

  static var signatures: [Signature] {
    let plain: [[UInt8]] = [2, 3, 10, 11].map { [0, $0, 0, 0, 0, 0, 0] }
    let any = Signature.Element(0, mask: 0)
    let palettes = ([1, 9] as [UInt8]).flatMap { kind in
      ([24, 32, 16, 15] as [UInt8]).map { depth in
        Signature(
          masked: [.init(1), .init(kind), .init(0), .init(0), any, .init(0, mask: 0xFE)]
            + [.init(depth)], at: 1, alignment: 512)
      }
    }
    return plain.map { Signature($0, at: 1, alignment: 512) } + palettes
  }

  init(parsing head: [UInt8]) throws {
    let kind = try head.little(UInt8.self, at: 2)
    let colours = UInt64(try head.little(UInt16.self, at: 5))
    let colourDepth = UInt64(try head.little(UInt8.self, at: 7))
    let left = try head.little(UInt16.self, at: 8)
    let top = try head.little(UInt16.self, at: 10)
    let width = UInt64(try head.little(UInt16.self, at: 12))
    let height = UInt64(try head.little(UInt16.self, at: 14))
    let depth = try head.little(UInt8.self, at: 16)
    let descriptor = try head.little(UInt8.self, at: 17)
    let hasPalette = head[1] == 1
    let isPossible =
      switch (kind & 7, depth) {
      case (1, 8): hasPalette && (1...256).contains(colours)
      case (2, 24): !hasPalette && [0, 8].contains(descriptor & 15)
      case (2, 32): !hasPalette && [0, 8].contains(descriptor & 15)
      case (2, 15), (2, 16): !hasPalette && descriptor & 15 <= 1
      case (3, 8): !hasPalette && [0, 8].contains(descriptor & 15)
      case (3, 16): !hasPalette && [0, 8].contains(descriptor & 15)
      default: false
      }
    // Some writers place the origin at the upper edge.
    guard isPossible, descriptor & 0xC0 == 0, left == 0 || left < width,
      top == 0 || UInt64(top) <= height, (1...0x4000).contains(width),
      (1...0x4000).contains(height)
    else { throw Malformed("TGA", "an impossible header") }
    isCoded = kind & 8 != 0
    pixels = width &* height
    pixelSize = (UInt64(depth) &+ 7) / 8
    let palette = hasPalette ? colours &* ((colourDepth &+ 7) / 8) : 0
    data = ByteOffset(18 &+ UInt64(head[0]) &+ palette)
  }
}
