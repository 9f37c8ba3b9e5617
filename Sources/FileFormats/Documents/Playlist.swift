// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

extension FileFormat {
  /// A list of recordings: `#EXTM3U`, then a line for each, and remarks.
  ///
  /// - Source: RFC 8216, *HTTP Live Streaming*, §4.1 "Definition of a Playlist".
  package static let playlist = FileFormat(
    id: "m3u", name: "playlist", category: .document, extensions: ["m3u", "m3u8"],
    validation: .reasoning,
    signatures: [.text("#EXTM3U"), .markedText("#EXTM3U")], maximumSize: 0x400_0000,
    resembles: { FileFormat.head($0, keepsTo: examinePlaylist) }, examine: examinePlaylist)

  private static func examinePlaylist(_ file: Source) throws -> Examination {
    try LineWalk<PlaylistGrammar>.examine(file, "m3u", "playlist")
  }
}

/// The lines of a playlist.
struct PlaylistGrammar: LineGrammar {
  private var lines = 0
  private var isStream = false

  var mayEnd: Bool { lines > 0 }

  var type: String? { isStream ? "m3u8" : "m3u" }

  mutating func read(_ line: [UInt8]) -> LineStep {
    lines += 1
    if line.starts(with: Array("#EXT-X-".utf8)) { isStream = true }
    return lines > 1 || line.starts(with: Array("#EXTM3U".utf8)) ? .goesOn : .isForeign
  }
}
