// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// GIMP pictures: properties, then offsets of layers and channels, which lead over hierarchies and levels
  /// to tiles. They end behind the last of these, and each tile is decoded.
  ///
  ///     gimp xcf file NUL, or v001 and on; u32 width, height, base; from version 4 on u32 precision
  ///     properties  u32 type, u32 length, data; type 0 ends them
  ///     offsets     of layers up to 0, of channels up to 0; from version 11 on of eight bytes
  ///     layer       u32 width, height, kind, name, properties, offsets of hierarchy and mask
  ///     channel     u32 width, height, name, properties, offset of the hierarchy
  ///     hierarchy   u32 width, height, bytes of a pixel, offsets of levels up to 0
  ///     level       u32 width, height, offsets of tiles up to 0
  ///
  /// - Source: GIMP developers, *The XCF file format*, devel-docs.
  package static let xcf = FileFormat(
    id: "xcf", name: "GIMP picture", category: .photo, validation: .decoding,
    signatures: [Signature("gimp xcf file\0"), Signature("gimp xcf v0")],
    maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let width = try? bytes.big(UInt32.self, at: 14),
        let height = try? bytes.big(UInt32.self, at: 18),
        let base = try? bytes.big(UInt32.self, at: 22)
      else { return false }
      return bytes.holds([0], at: 13) && (1...0x8_0000).contains(width)
        && (1...0x8_0000).contains(height) && base <= 2
    }
  ) { file in
    try Examination.walk("xcf", file) {
      var walk = try XCFWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over a GIMP picture, along its offsets.
private struct XCFWalk {
  private static let mostParts = 20_000
  private static let mostProperties = 10_000

  private let file: Source
  private let version: Int
  private var window: Window
  private var tiles: XCFTiles
  private var end: ByteOffset = 0
  private var areKnown = true
  /// How many properties and offsets are still read: places may be named again and again.
  private var budget = 4_000_000

  init(_ file: Source) throws {
    self.file = file
    window = Window(file, span: 4096)
    let digits = try file.read(at: 9, count: 4).drop { $0 == 0x76 }
    version = Int(String(decoding: digits, as: UTF8.self)) ?? 0
    tiles = XCFTiles(file)
  }

  mutating func examination() throws -> Examination {
    let start: ByteOffset = version >= 4 ? 30 : 26
    var position = try passProperties(from: start)
    let layers = try offsets(&position)
    let channels = try offsets(&position)
    if version >= 18 {
      // What paths take up is told nowhere.
      areKnown = try offsets(&position).isEmpty
    }
    end = position
    for place in layers { try passLayer(at: place) }
    for place in channels { try passChannel(at: place) }
    end = max(end, tiles.end)
    guard end <= file.range.upperBound else { throw Truncated() }
    let more: [Evidence] =
      areKnown
      ? tiles.areDecoded ? [.decoded("XCF")] : [.payloadUnchecked]
      : [.payloadUnchecked, .endReasoned]
    return .whole("xcf", "XCF", end: end, and: more)
  }

  private mutating func offset(_ position: inout ByteOffset) throws -> ByteOffset {
    let isLong = version >= 11
    let value =
      isLong
      ? try window.big(UInt64.self, at: position)
      : UInt64(try window.big(UInt32.self, at: position))
    position = try position + (isLong ? 8 : 4)
    end = max(end, position)
    return ByteOffset(value)
  }

  /// The offsets up to a zero.
  private mutating func offsets(_ position: inout ByteOffset) throws -> [ByteOffset] {
    var list: [ByteOffset] = []
    while list.count < Self.mostParts, budget > 0 {
      budget -= 1
      let place = try offset(&position)
      if place == 0 { return list }
      guard place >= 26 else { throw Malformed("XCF", "an impossible offset", at: position) }
      list.append(place)
    }
    throw Malformed("XCF", "there are too many parts", at: position)
  }

  /// Passes properties and returns where they end.
  private mutating func passProperties(from start: ByteOffset) throws -> ByteOffset {
    var position = start
    for _ in 0..<Self.mostProperties where budget > 0 {
      budget -= 1
      let type = try window.big(UInt32.self, at: position)
      let length = UInt64(try window.big(UInt32.self, at: position + 4))
      guard type < 1000 else { throw Malformed("XCF", "an unknown property", at: position) }
      if type == 17, length == 1 { tiles.method = try window.byte(at: position + 8) }
      position = try position + 8 + ByteCount(length)
      guard position <= file.range.upperBound else { throw Truncated() }
      if type == 0 { return position }
    }
    throw Malformed("XCF", "there are too many properties", at: position)
  }

  private mutating func passName(_ position: inout ByteOffset) throws {
    let length = UInt64(try window.big(UInt32.self, at: position))
    guard length < 0x1_0000 else { throw Malformed("XCF", "a name too long", at: position) }
    position = try position + 4 + ByteCount(length)
  }

  private mutating func passLayer(at place: ByteOffset) throws {
    guard try window.big(UInt32.self, at: place + 8) < 6 else {
      throw Malformed("XCF", "no layer where one must stand", at: place)
    }
    var position = try place + 12
    try passName(&position)
    position = try passProperties(from: position)
    let hierarchy = try offset(&position)
    let mask = try offset(&position)
    if version >= 20, try !offsets(&position).isEmpty { areKnown = false }
    try passHierarchy(at: hierarchy)
    if mask != 0 { try passChannel(at: mask) }
  }

  private mutating func passChannel(at place: ByteOffset) throws {
    var position = try place + 8
    try passName(&position)
    position = try passProperties(from: position)
    try passHierarchy(at: offset(&position))
  }

  private mutating func passHierarchy(at place: ByteOffset) throws {
    let pixel = UInt64(try window.big(UInt32.self, at: place + 8))
    guard (1...32).contains(pixel) else {
      throw Malformed("XCF", "no hierarchy where one must stand", at: place)
    }
    var position = try place + 12
    for (index, level) in try offsets(&position).prefix(64).enumerated() {
      let width = UInt64(try window.big(UInt32.self, at: level))
      let height = UInt64(try window.big(UInt32.self, at: level + 4))
      var behind = try level + 8
      guard width <= 0x8_0000, height <= 0x8_0000 else {
        throw Malformed("XCF", "no level where one must stand", at: level)
      }
      // The smaller levels are named but hold nothing, and end with a short zero in all versions.
      guard index == 0 else {
        end = max(end, try behind + 4)
        continue
      }
      try passTiles(from: &behind, width: width, height: height, pixel: pixel)
    }
  }

  private mutating func passTiles(
    from position: inout ByteOffset, width: UInt64, height: UInt64, pixel: UInt64
  ) throws {
    let columns = (width &+ 63) / 64
    let rows = (height &+ 63) / 64
    for row in 0..<rows {
      for column in 0..<columns {
        let place = try offset(&position)
        let area = min(64, width &- column &* 64) &* min(64, height &- row &* 64)
        try tiles.pass(at: place, pixels: area, pixel: pixel, isFirst: row == 0 && column == 0)
      }
    }
    guard try offset(&position) == 0 else {
      throw Malformed("XCF", "more tiles than there is room for", at: position)
    }
  }
}
