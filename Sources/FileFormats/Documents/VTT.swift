// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

extension FileFormat {
  /// Web Video Text Tracks.
  ///
  /// - Source: W3C, *WebVTT: The Web Video Text Tracks Format*, §4 "Syntax".
  package static let vtt = FileFormat(
    id: "vtt", name: "subtitles for the web", category: .document, validation: .reasoning,
    signatures: [.text("WEBVTT"), .markedText("WEBVTT")], maximumSize: 0x400_0000,
    resembles: { FileFormat.head($0, keepsTo: examineVTT) }, examine: examineVTT)

  private static func examineVTT(_ file: Source) throws -> Examination {
    try LineWalk<VTTGrammar>.examine(file, "vtt", "subtitles")
  }
}

/// The lines of subtitles for the web.
struct VTTGrammar: LineGrammar {
  private var lines = 0
  private var cues = 0

  var mayEnd: Bool { lines > 0 }

  mutating func read(_ line: [UInt8]) -> LineStep {
    lines += 1
    if lines == 1 {
      let isHeader =
        line.starts(with: Array("WEBVTT".utf8))
        && (line.count == 6 || line[6] == 0x20 || line[6] == 0x09)
      return isHeader ? .goesOn : .isForeign
    }
    if line.firstIndex(of: Array("-->".utf8)) != nil {
      guard SubtitleTime.stands(in: line) else { return .isForeign }
      cues += 1
    }
    return .goesOn
  }
}
