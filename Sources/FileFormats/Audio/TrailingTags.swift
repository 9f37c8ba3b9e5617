// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What stands behind the last frame of sound: tags, which settle where the file ends, or the zeros of
/// its last sector, which suggest it.
///
/// | Mark          | Size                              |
/// |---------------|-----------------------------------|
/// | `APETAGEX`    | see `APETag`                      |
/// | `TAG+`        | 227                               |
/// | `TAG`         | 128: title at 3, artist at 33     |
/// | `LYRICSBEGIN` | up to `LYRICS200` or `LYRICSEND`  |
///
/// - Source: id3.org, *ID3v1*, *Lyrics3 v2.00*.
struct TrailingTags {
  private static let sector: UInt64 = 512

  /// Behind the tags.
  let end: ByteOffset
  /// Whether there are any.
  let areThere: Bool
  /// Whether nothing but zeros follows up to the next sector.
  let isPadded: Bool
  private var name: String?
  private var pictures: [Examination.Child] = []
  private var isChecked = true
  private var isDecoded = false

  /// Throws `Truncated` where a tag reaches beyond the file.
  init(in file: Source, after chain: ByteOffset) throws {
    var window = Window(file, span: 4096)
    var position = chain
    for _ in 0..<5 {
      if let tag = try APETag(&window, at: position) {
        position = tag.end
        name = name ?? tag.name
        pictures += tag.pictures
        isChecked = isChecked && tag.isChecked
        isDecoded = isDecoded || tag.isDecoded
      } else if position.rawValue % Self.sector != 0,
        let tag = try ID3Tag(&window, at: position)
      {
        // Where a sector begins, it would be the next file's.
        position = tag.end
        let content = try ID3Content(tag, in: file)
        name = try name ?? tag.describe(file).title
        pictures += content.pictures
        isChecked = isChecked && content.isChecked
        isDecoded = isDecoded || content.isDecoded
      } else if let next = try Self.end(&window, at: position) {
        name = try name ?? Self.name(&window, at: position)
        position = next
      } else {
        break
      }
    }
    guard position <= file.range.upperBound else { throw Truncated() }
    end = position
    areThere = position > chain
    let rest = (Self.sector - position.rawValue % Self.sector) % Self.sector
    isPadded = try file.readPrefix(at: position, count: ByteCount(rest)).allSatisfy { $0 == 0 }
  }

  /// What a chain of frames, and the tags behind it, show together.
  ///
  /// Where nothing states the end of the chain, tags settle it; otherwise it is a guess, and nothing at
  /// all where other bytes follow in its last sector.
  func examination(
    _ id: String, _ name: String, isEndStated: Bool = false, and more: [Evidence] = []
  ) -> Examination {
    guard isEndStated || areThere || isPadded else {
      return .complete(at: end, evidence: [.headerMatched(id), .endReasoned])
    }
    var result = Examination.whole(id, name, end: end, and: more)
    if !isEndStated, !areThere { result.evidence.append(.endReasoned) }
    if !isChecked { result.evidence.append(.payloadUnchecked) }
    if isDecoded { result.dropChecksums() }
    result.name = self.name
    result.children = pictures
    return result
  }

  /// “Artist - Title” of an old ID3 tag.
  private static func name(_ window: inout Window, at start: ByteOffset) throws -> String? {
    guard try window.holds(Array("TAG".utf8), at: start),
      try !window.holds(Array("TAG+".utf8), at: start)
    else { return nil }
    let parts = try [33, 3].compactMap { (place: UInt64) in
      ContentText.text(try window.copy(at: start + ByteCount(place), count: 30))
    }
    return ContentText.trimmed(parts.joined(separator: " - "))
  }

  private static func end(_ window: inout Window, at start: ByteOffset) throws -> ByteOffset? {
    if try window.holds(Array("TAG+".utf8), at: start) { return try start + 227 }
    if try window.holds(Array("TAG".utf8), at: start) { return try start + 128 }
    if try window.holds(Array("LYRICSBEGIN".utf8), at: start) {
      return try lyrics(window.file, at: start)
    }
    return nil
  }

  private static func lyrics(_ file: Source, at start: ByteOffset) throws -> ByteOffset {
    let bytes = try file.readPrefix(at: start, count: 0x1_0000)
    for mark in ["LYRICS200", "LYRICSEND"] {
      let word = Array(mark.utf8)
      if let index = bytes.withSpan({ $0.firstIndex(of: word, from: 11) }) {
        return try start + ByteCount(clamping: index + word.count)
      }
    }
    throw Malformed("MP3", "lyrics without end", at: start)
  }
}

extension Examination {
  /// Takes checksums back where they do not cover all: what is decoded is not checked by them.
  mutating func dropChecksums() {
    evidence.removeAll { if case .checksumsHold = $0 { true } else { false } }
  }
}
