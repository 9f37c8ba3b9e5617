// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What stands behind the last frame of sound: tags, which settle where the file ends, or the zeros of
/// its last sector, which suggest it.
///
/// | Mark          | Size                                                                    |
/// |---------------|-------------------------------------------------------------------------|
/// | `APETAGEX`    | u32 at 12, without the head's own 32 bytes where bit 29 at 20 is set     |
/// | `TAG+`        | 227                                                                     |
/// | `TAG`         | 128                                                                     |
/// | `LYRICSBEGIN` | up to `LYRICS200` or `LYRICSEND`                                        |
///
/// - Source: Hydrogenaudio Knowledgebase, *APEv2 specification*; id3.org, *ID3v1*, *Lyrics3 v2.00*.
struct TrailingTags {
  private static let sector: UInt64 = 512
  private static let longestTag: UInt64 = 0x400_0000

  /// Behind the tags.
  let end: ByteOffset
  /// Whether there are any.
  let areThere: Bool
  /// Whether nothing but zeros follows up to the next sector.
  let isPadded: Bool

  /// Throws `Truncated` where a tag reaches beyond the file.
  init(in file: Source, after chain: ByteOffset) throws {
    var window = Window(file, span: 4096)
    var position = chain
    for _ in 0..<5 {
      guard let next = try Self.end(&window, at: position) else { break }
      position = next
    }
    guard position <= file.range.upperBound else { throw Truncated() }
    end = position
    areThere = position > chain
    let rest = (Self.sector - position.rawValue % Self.sector) % Self.sector
    isPadded = try file.readPrefix(at: position, count: ByteCount(rest)).allSatisfy { $0 == 0 }
  }

  /// A chain of frames without an end mark: tags settle its end; otherwise it is a guess, and nothing
  /// at all where other bytes follow in its last sector.
  func examination(_ id: String, _ name: String, and more: [Evidence] = []) -> Examination {
    if areThere { return .whole(id, name, end: end, and: more) }
    if isPadded { return .whole(id, name, end: end, and: more + [.endReasoned]) }
    return .complete(at: end, evidence: [.headerMatched(id), .endReasoned])
  }

  private static func end(_ window: inout Window, at start: ByteOffset) throws -> ByteOffset? {
    if try window.holds(Array("APETAGEX".utf8), at: start) {
      let size = UInt64(try window.little(UInt32.self, at: start + 12))
      let isHeader = try window.little(UInt32.self, at: start + 20) & 0x2000_0000 != 0
      guard (32...longestTag).contains(size) else { return nil }
      return try start + (isHeader ? 32 : 0) + ByteCount(size)
    }
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
