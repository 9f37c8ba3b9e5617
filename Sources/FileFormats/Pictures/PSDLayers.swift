// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The layers of a Photoshop document: records, then the channels of each.
///
///     layer     i32 top, left, bottom, right; u16 channels, each i16 id and u32 length (large: u64);
///               `8BIM`, u32 blend mode, 4 bytes; u32 length of what follows: mask (u32 length,
///               rectangle …), ranges, name, more
///     channel   u16 compression, then rows as in the merged picture
///
/// - Source: Adobe, *Photoshop File Formats Specification* (2019), "Layer and Mask Information".
struct PSDLayers {
  private struct Channel {
    let length: UInt64
    let height: UInt64
    let width: UInt64
    /// Whether its rectangle is known.
    let isKnown: Bool
  }

  private static let mostChannels = 200_000

  private let file: Source
  private let section: Range<ByteOffset>
  private let isLarge: Bool
  private let depth: UInt64
  private var window: Window
  private var position: ByteOffset
  private var channels: [Channel] = []

  init(_ file: Source, _ section: Range<ByteOffset>, isLarge: Bool, depth: UInt64) {
    self.file = file
    self.section = section
    self.isLarge = isLarge
    self.depth = depth
    window = Window(file)
    position = section.lowerBound
  }

  /// True where every channel was decoded; throws where one breaks.
  mutating func check() throws -> Bool {
    let length = try number()
    // Deeper pictures keep their layers elsewhere in the section.
    guard length > 0 else { return section.length < 64 }
    let end = try position + ByteCount(length)
    guard end <= section.upperBound else { throw Malformed("PSD", "layers too long", at: position) }
    let count = try window.big(Int16.self, at: position).magnitude
    position = try position + 2
    for _ in 0..<count { try takeRecord() }
    var isKnown = true
    for channel in channels { isKnown = try check(channel) && isKnown }
    guard position <= end else { throw Malformed("PSD", "layers too long", at: position) }
    return isKnown
  }

  private mutating func number() throws -> UInt64 {
    let value =
      isLarge
      ? try window.big(UInt64.self, at: position)
      : UInt64(try window.big(UInt32.self, at: position))
    position = try position + (isLarge ? 8 : 4)
    return value
  }

  private mutating func takeRecord() throws {
    let own = try rectangle(at: position)
    let count = Int(try window.big(UInt16.self, at: position + 16))
    position = try position + 18
    guard count <= 64, channels.count < Self.mostChannels else {
      throw Malformed("PSD", "a layer of \(count) channels", at: position)
    }
    var list: [(id: Int16, length: UInt64)] = []
    for _ in 0..<count {
      let id = try window.big(Int16.self, at: position)
      position = try position + 2
      list.append((id, try number()))
    }
    guard try window.holds(Array("8BIM".utf8), at: position) else {
      throw Malformed("PSD", "a layer without its mark", at: position)
    }
    let extra = UInt64(try window.big(UInt32.self, at: position + 12))
    let maskLength = try window.big(UInt32.self, at: position + 16)
    let mask: (height: UInt64, width: UInt64) =
      try maskLength >= 16 ? rectangle(at: position + 20) : (0, 0)
    position = try position + 16 + ByteCount(extra)
    for (id, length) in list {
      let size = id == -2 ? mask : own
      channels.append(
        Channel(length: length, height: size.height, width: size.width, isKnown: id > -3))
    }
  }

  private mutating func rectangle(
    at place: ByteOffset
  ) throws -> (height: UInt64, width: UInt64) {
    let top = Int64(try window.big(Int32.self, at: place))
    let left = Int64(try window.big(Int32.self, at: place + 4))
    let bottom = Int64(try window.big(Int32.self, at: place + 8))
    let right = Int64(try window.big(Int32.self, at: place + 12))
    guard (0...300_000).contains(bottom &- top), (0...300_000).contains(right &- left) else {
      throw Malformed("PSD", "an impossible rectangle", at: place)
    }
    return (UInt64(bottom &- top), UInt64(right &- left))
  }

  /// Follows one channel's rows; false where they are plain and so tell nothing.
  private mutating func check(_ channel: Channel) throws -> Bool {
    let start = position
    position = try position + ByteCount(channel.length)
    guard position <= section.upperBound else {
      throw Malformed("PSD", "a channel leaves its section", at: start)
    }
    guard channel.length > 2, channel.height > 0, channel.width > 0 else {
      return channel.length <= 2
    }
    guard channel.isKnown else { return false }
    let rowLength = (channel.width &* depth &+ 7) / 8
    let data = try start + 2
    let end: ByteOffset
    switch try window.big(UInt16.self, at: start) {
    case 1:
      end = try PSDRows.follow(
        &window, at: data, rows: channel.height, rowLength: rowLength, isLarge: isLarge)
    case 2, 3:
      end = try PSDRows.inflate(file, at: data, count: ByteCount(rowLength) * channel.height)
    default: return false
    }
    guard end <= position, position <= end.advancedClamped(by: 3) else {
      throw Malformed("PSD", "a channel is not as long as stated", at: start)
    }
    return true
  }
}
