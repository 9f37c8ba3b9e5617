// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The comments of Vorbis, Opus, Speex, Theora and FLAC: `ARTIST=…`, `TITLE=…`, `DATE=…`.
///
///     u32 length, vendor; u32 count; count times: u32 length, text     (little-endian)
///
/// - Source: Xiph.Org, *Ogg Vorbis I format specification: comment field and header specification*.
struct VorbisComment {
  private static let longestText = 1024
  private static let most: UInt32 = 100_000

  private var texts: [String: String] = [:]
  /// How many bytes it takes; nil where it does not end within the bytes given, or is none.
  private(set) var length: Int?

  /// Reads as much of a comment as there is, from `start` on.
  init(_ bytes: [UInt8], at start: Int = 0) {
    var position = start
    guard Self.text(bytes, &position) != nil,
      let count = try? bytes.little(UInt32.self, at: position),
      count <= Self.most
    else { return }
    position &+= 4
    for _ in 0..<count {
      guard let text = Self.text(bytes, &position) else { return }
      keep(text.prefix(Self.longestText))
    }
    length = position &- start
  }

  /// “Artist - Title”, or one of them.
  var name: String? {
    let parts = [texts["ARTIST"], texts["TITLE"]].compactMap { $0 }
    return ContentText.trimmed(parts.joined(separator: " - "))
  }

  /// When it was recorded; nil where only a year is given.
  var date: Timestamp? {
    let parts = (texts["DATE"] ?? "").split { "-T: ".contains($0) }.compactMap { Int($0) }
    guard parts.count >= 3, parts[0] > 1900 else { return nil }
    return Timestamp(year: parts[0], month: parts[1], day: parts[2])
  }

  private mutating func keep(_ text: ArraySlice<UInt8>) {
    guard let mark = text.firstIndex(of: 0x3D), mark &- text.startIndex <= 8 else { return }
    let key = String(decoding: text[..<mark], as: UTF8.self).uppercased()
    guard ["ARTIST", "TITLE", "DATE"].contains(key), texts[key] == nil else { return }
    texts[key] = ContentText.text(text[(mark &+ 1)...])
  }

  private static func text(_ bytes: [UInt8], _ position: inout Int) -> ArraySlice<UInt8>? {
    guard let length = try? bytes.little(UInt32.self, at: position) else { return nil }
    let start = position &+ 4
    guard Int(clamping: length) <= bytes.count &- start else { return nil }
    position = start &+ Int(clamping: length)
    return bytes[start..<position]
  }
}
