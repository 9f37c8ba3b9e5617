// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a movie or a song calls itself: `moov/udta/meta/ilst`, as iTunes and others write it.
///
/// - Source: Apple, *QuickTime File Format Specification*, "Metadata Item List Atom"; the text types
///   as all players read them.
struct ISOTitle {
  private static let longest: ByteCount = 512
  private var artist: String?
  private var title: String?

  /// Artist and title; nil where neither is stated.
  var text: String? {
    ContentText.trimmed([artist, title].compactMap { $0 }.joined(separator: " - "))
  }

  /// Reads a `moov` box; damage here says nothing about the media.
  init(_ window: inout Window, in movie: ISOBox) throws {
    do {
      guard let udta = try movie.children(&window).first(where: { $0.type == "udta" }),
        let meta = try udta.children(&window).first(where: { $0.type == "meta" }),
        let list = try meta.children(&window, skipping: 4).first(where: { $0.type == "ilst" })
      else { return }
      for item in try list.children(&window) {
        if item.type == "\u{A9}ART" { artist = try Self.value(&window, of: item) }
        if item.type == "\u{A9}nam" { title = try Self.value(&window, of: item) }
      }
    } catch is Malformed, is Truncated, is Overflow {
      return
    }
  }

  private static func value(_ window: inout Window, of item: ISOBox) throws -> String? {
    guard let data = try item.children(&window).first(where: { $0.type == "data" }),
      let end = data.end, let start = try? data.content + 8, start < end
    else { return nil }
    let count = Int(clamping: min((start..<end).length, longest).rawValue)
    return ContentText.text(try window.copy(at: start, count: count))
  }
}
