// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// An APE tag behind sound: items between a head, which version 1 does not have, and a foot.
///
/// | Offset | Size | Field   | Unit                                                    |
/// |-------:|-----:|---------|---------------------------------------------------------|
/// |   0x00 |    8 | mark    | `APETAGEX`                                              |
/// |   0x08 |    4 | version | 1000 or 2000                                            |
/// |   0x0C |    4 | size    | bytes of the items and the foot; little-endian          |
/// |   0x10 |    4 | items   | u32 size, u32 flags, key, a zero, and so many bytes     |
/// |   0x14 |    4 | flags   | bit 29: this is the head; bit 30: there is no foot      |
///
/// - Source: Hydrogenaudio Knowledgebase, *APEv2 specification*, *APEv1*.
struct APETag {
  private static let mark = Array("APETAGEX".utf8)
  private static let longest: UInt64 = 0x400_0000
  private static let mostItems: UInt32 = 1024
  /// No foreign sector fits into an item that is shorter, unless it breaks the chain of items.
  private static let shortItem: UInt64 = 512

  let end: ByteOffset
  private(set) var pictures: [Examination.Child] = []
  /// Whether foreign bytes in it would be noticed.
  private(set) var isChecked = true
  /// Whether covers are checked by decoding alone.
  private(set) var isDecoded = false
  private var texts: [String: String] = [:]

  /// Reads the tag that starts at `start`; nil where none does.
  init?(_ window: inout Window, at start: ByteOffset) throws {
    var first = start
    var foot = start
    var hasFoot = true
    if try window.holds(Self.mark, at: start) {
      let head = try window.copy(at: start, count: 32)
      let size = UInt64(try head.little(UInt32.self, at: 12))
      let flags = try head.little(UInt32.self, at: 20)
      guard (32...Self.longest).contains(size), flags & 0x2000_0000 != 0 || size == 32 else {
        return nil
      }
      hasFoot = flags & 0x4000_0000 == 0
      if flags & 0x2000_0000 != 0 { first = try start + 32 }
      end = try first + ByteCount(size)
      foot = hasFoot ? try first + ByteCount(size - 32) : end
    } else {
      guard let found = try Self.foot(&window, at: start) else { return nil }
      foot = found
      end = try found + 32
    }
    guard end <= window.file.range.upperBound else { throw Truncated() }
    if hasFoot, try !window.holds(Self.mark, at: foot) { isChecked = false }
    try takeItems(&window, first..<max(first, foot))
  }

  /// “Artist - Title”, or one of them.
  var name: String? {
    let parts = [texts["artist"], texts["title"]].compactMap { $0 }
    return ContentText.trimmed(parts.joined(separator: " - "))
  }

  /// The foot of a tag that has no head; its size says where the tag begins.
  private static func foot(_ window: inout Window, at start: ByteOffset) throws -> ByteOffset? {
    // An item, to begin with: a short one, and with a key.
    guard let item = try? window.copy(at: start, count: 10),
      try item.little(UInt32.self, at: 0) < 0x1_0000, try item.little(UInt32.self, at: 4) < 8,
      item[8...].allSatisfy({ (0x20...0x7E).contains($0) })
    else { return nil }
    let bytes = try window.file.readPrefix(at: start, count: 0x1_0000)
    guard let index = bytes.withSpan({ $0.firstIndex(of: mark) }),
      try bytes.little(UInt32.self, at: index + 12) == UInt32(clamping: index + 32)
    else { return nil }
    return try start + ByteCount(clamping: index)
  }

  private mutating func takeItems(_ window: inout Window, _ range: Range<ByteOffset>) throws {
    var position = range.lowerBound
    var items: UInt32 = 0
    while position < range.upperBound {
      items += 1
      let key = try Self.key(&window, at: position + 8)
      let size = UInt64(try window.little(UInt32.self, at: position))
      let data = try position + 9 + ByteCount(clamping: key?.utf8.count ?? 0)
      let next = try data + ByteCount(size)
      guard let key, next <= range.upperBound, items < Self.mostItems else {
        isChecked = false
        return
      }
      if size >= Self.shortItem {
        try takeLong(&window, key, data..<next)
      } else if key == "artist" || key == "title" {
        texts[key] = ContentText.text(try window.copy(at: data, count: Int(clamping: size)))
      }
      position = next
    }
  }

  private mutating func takeLong(
    _ window: inout Window, _ key: String, _ range: Range<ByteOffset>
  ) throws {
    // The name of the picture's file stands before it.
    let head = try window.copy(at: range.lowerBound, count: 256)
    guard key.hasPrefix("cover art"), let zero = head.firstIndex(of: 0),
      let picture = try EmbeddedPicture(
        in: window.file,
        range.lowerBound.advancedClamped(by: ByteCount(clamping: zero + 1))..<range.upperBound)
    else {
      isChecked = false
      return
    }
    pictures.append(picture.child)
    if !picture.hasChecksums { isDecoded = true }
  }

  private static func key(_ window: inout Window, at start: ByteOffset) throws -> String? {
    let bytes = try window.file.readPrefix(at: start, count: 256)
    guard let zero = bytes.firstIndex(of: 0), zero >= 2 else { return nil }
    return String(decoding: bytes[..<zero], as: UTF8.self).lowercased()
  }
}
