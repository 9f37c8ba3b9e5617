// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a movie or a song calls itself, or else the camera that made it: in the list that iTunes
/// writes, in the texts of QuickTime and of mobile phones, or under Apple's keys.
///
/// | Place                 | Text                                                          |
/// |-----------------------|---------------------------------------------------------------|
/// | `moov/udta/meta/ilst` | `©nam`, `©ART`: a `data` box, its text behind 8 bytes          |
/// | `moov/udta`           | `©nam`, `©ART`, `©mak`, `©mod`: u16 length, u16 language, text |
/// | `moov/udta`           | `titl`, `perf`: 4 bytes, u16 language, text                    |
/// | `moov/meta`           | `keys`, and `ilst` with their values                          |
///
/// - Source: Apple, *QuickTime File Format Specification*, "User Data Atoms" and "Metadata Item
///   List Atom"; 3GPP TS 26.244, §8.
struct ISOTitle {
  private static let longest: ByteCount = 512
  private var artist: String?
  private var title: String?
  private var make: String?
  private var model: String?

  /// Artist and title, or make and model; nil where nothing is stated.
  var text: String? {
    if let named = Self.joined([artist, title], by: " - ") { return named }
    if let make, let model, model.hasPrefix(make) { return model }
    return Self.joined([make, model], by: " ")
  }

  private static func joined(_ parts: [String?], by separator: String) -> String? {
    ContentText.trimmed(parts.compactMap { $0 }.joined(separator: separator))
  }

  /// Reads a `moov` box; damage here says nothing about the media.
  init(_ window: inout Window, in movie: ISOBox) throws {
    do {
      for box in try movie.children(&window) {
        if box.type == "udta" { try takeUserData(&window, box) }
        if box.type == "meta" { try takeKeys(&window, box) }
      }
    } catch is Malformed, is Truncated, is Overflow {
      return
    }
  }

  private mutating func take(_ name: String, _ value: String?) {
    guard let value else { return }
    switch name {
    case "\u{A9}ART", "perf", "com.apple.quicktime.artist": artist = artist ?? value
    case "\u{A9}nam", "titl", "com.apple.quicktime.title": title = title ?? value
    case "\u{A9}mak", "com.apple.quicktime.make": make = make ?? value
    case "\u{A9}mod", "com.apple.quicktime.model": model = model ?? value
    default: break
    }
  }

  private mutating func takeUserData(_ window: inout Window, _ udta: ISOBox) throws {
    for box in try udta.children(&window) {
      switch box.type {
      case "meta":
        let boxes = try box.children(&window, skipping: 4)
        guard let list = boxes.first(where: { $0.type == "ilst" }) else { continue }
        for item in try list.children(&window) {
          let data = try item.children(&window).first { $0.type == "data" }
          take(item.type, try data.flatMap { try Self.text(&window, in: $0, behind: 8) })
        }
      case "titl", "perf": take(box.type, try Self.text(&window, in: box, behind: 6))
      case let type where type.hasPrefix("\u{A9}"):
        take(type, try Self.text(&window, in: box, behind: 4))
      default: break
      }
    }
  }

  /// Apple's keys: a list of names, and a list of values whose types are the numbers of the names.
  private mutating func takeKeys(_ window: inout Window, _ meta: ISOBox) throws {
    let isFull = try window.big(UInt32.self, at: meta.content) == 0
    let boxes = try meta.children(&window, skipping: isFull ? 4 : 0)
    guard let keys = boxes.first(where: { $0.type == "keys" }),
      let list = boxes.first(where: { $0.type == "ilst" }), let end = list.end
    else { return }
    let names = try Self.names(&window, in: keys)
    var position = list.content
    while let content = try? position + 8, content <= end {
      let size = UInt64(try window.big(UInt32.self, at: position))
      let number = Int(clamping: try window.big(UInt32.self, at: position + 4))
      let next = try position + ByteCount(size)
      guard size >= 8, next <= end else { break }
      if number >= 1, number <= names.count,
        let data = try ISOBox.all(&window, from: content, to: next).first
      {
        take(names[number - 1], try Self.text(&window, in: data, behind: 8))
      }
      position = next
    }
  }

  private static func names(_ window: inout Window, in keys: ISOBox) throws -> [String] {
    var names: [String] = []
    var position = try keys.content + 8
    while let text = try? position + 8, let end = keys.end, text <= end, names.count < 256 {
      let next = try position + ByteCount(UInt64(window.big(UInt32.self, at: position)))
      guard next >= text, next <= end else { break }
      let count = Int(clamping: min((text..<next).length, longest).rawValue)
      names.append(ContentText.text(try window.copy(at: text, count: count)) ?? "")
      position = next
    }
    return names
  }

  /// The text of a box behind `skip` bytes of its own.
  private static func text(
    _ window: inout Window, in box: ISOBox, behind skip: ByteCount
  ) throws -> String? {
    guard let end = box.end, let start = try? box.content + skip, start < end else { return nil }
    let count = Int(clamping: min((start..<end).length, longest).rawValue)
    return ContentText.text(try window.copy(at: start, count: count))
  }
}
