// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where the pictures and their parts of a HEIF file stand: each extent must lie inside the file.
///
/// | Offset | Size | Field      | Unit                                                  |
/// |-------:|-----:|------------|-------------------------------------------------------|
/// |   0x00 |    4 | version    | 1 byte, then flags                                    |
/// |   0x04 |    2 | widths     | of offset, length, base, index: 4 bits each           |
/// |   0x06 |    2 | item count | version 2: 4 bytes                                    |
///
/// - Source: ISO/IEC 14496-12:2022, §8.11.3 "The item location box".
struct ISOItems {
  private static let mostExtents = 1_000_000
  private var window: Window
  private var units: VideoUnits?
  private var coded = Set<UInt64>()
  private(set) var lastByte: ByteOffset = 0

  init(_ file: Source) { window = Window(file) }

  /// Checks the item locations of a `meta` box; throws `Malformed` for one beyond `end`.
  mutating func check(_ meta: ISOBox, end: ByteOffset) throws {
    // QuickTime leaves the version and flags out.
    let skip: ByteCount = try window.holds(Array("hdlr".utf8), at: meta.content + 4) ? 0 : 4
    let boxes = try meta.children(&window, skipping: skip)
    if let properties = boxes.first(where: { $0.type == "iprp" }),
      let list = boxes.first(where: { $0.type == "iinf" })
    {
      try takeCodec(properties)
      if units != nil { try takeTypes(list) }
    }
    for box in boxes where box.type == "iloc" { try checkLocations(box, end: end) }
  }

  /// How many bytes the lengths of H.265 units have here.
  private mutating func takeCodec(_ properties: ISOBox) throws {
    guard let list = try properties.children(&window).first(where: { $0.type == "ipco" }),
      let codec = try list.children(&window).first(where: { $0.type == "hvcC" })
    else { return }
    units = VideoUnits(lengthWidth: Int(try window.byte(at: codec.content + 21) & 3) + 1)
  }

  /// Which items are H.265 pictures.
  private mutating func takeTypes(_ list: ISOBox) throws {
    let isLong = try window.byte(at: list.content) > 0
    for entry in try list.children(&window, skipping: isLong ? 8 : 6) where entry.type == "infe" {
      let version = try window.byte(at: entry.content)
      guard version >= 2 else { continue }
      let width: ByteCount = version == 2 ? 2 : 4
      let place = try entry.content + 4
      let id =
        try version == 2
        ? UInt64(window.big(UInt16.self, at: place)) : UInt64(window.big(UInt32.self, at: place))
      if try window.holds(Array("hvc1".utf8), at: place + width + 2) { coded.insert(id) }
    }
  }

  private mutating func checkLocations(_ box: ISOBox, end: ByteOffset) throws {
    let version = try window.byte(at: box.content)
    let widths = try window.big(UInt16.self, at: box.content + 4)
    guard version <= 2 else {
      throw Malformed("ISO media", "unknown item locations", at: box.start)
    }
    var position = try box.content + 6
    let count = try number(&position, width: version < 2 ? 2 : 4)
    var extents = 0
    for _ in 0..<min(count, 0xFFFF) {
      let id = try number(&position, width: version < 2 ? 2 : 4)
      let method = version > 0 ? try number(&position, width: 2) & 15 : 0
      let reference = try number(&position, width: 2)
      let base = try number(&position, width: Int(widths >> 4 & 15))
      let extentCount = try number(&position, width: 2)
      for _ in 0..<extentCount {
        if version > 0 { _ = try number(&position, width: Int(widths & 15)) }
        let offset = try number(&position, width: Int(widths >> 12))
        let length = try number(&position, width: Int(widths >> 8 & 15))
        extents += 1
        guard extents < Self.mostExtents, position <= box.end ?? end else {
          throw Malformed("ISO media", "too many item locations", at: box.start)
        }
        guard method == 0, reference == 0 else { continue }
        let last = try ByteOffset(base) + ByteCount(offset) + ByteCount(length)
        guard last <= end else {
          throw Malformed("ISO media", "an item lies beyond the end", at: box.start)
        }
        lastByte = max(lastByte, last)
        if extentCount == 1, length > 0, coded.contains(id) {
          try units?.check(&window, ByteOffset(base) + ByteCount(offset)..<last)
        }
      }
    }
  }

  private mutating func number(_ position: inout ByteOffset, width: Int) throws -> UInt64 {
    defer { position = position.advancedClamped(by: ByteCount(clamping: width)) }
    switch width {
    case 0: return 0
    case 2: return UInt64(try window.big(UInt16.self, at: position))
    case 4: return UInt64(try window.big(UInt32.self, at: position))
    case 8: return try window.big(UInt64.self, at: position)
    default: throw Malformed("ISO media", "an impossible width", at: position)
    }
  }
}
