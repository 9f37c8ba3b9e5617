// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

extension FileFormat {
  /// SubRip subtitles: a number, a time, lines of text, an empty line.
  ///
  ///     1
  ///     00:00:01,500 --> 00:00:03,000
  ///     Words
  ///
  /// - Source: matroska.org, *Subtitles*, "SRT Subtitles".
  package static let srt = FileFormat(
    id: "srt", name: "subtitles", category: .document, validation: .reasoning,
    signatures: ["1\n0", "1\r\n0", "0\n0", "0\r\n0"].flatMap { [.text($0), .markedText($0)] }
      + Signature.wideText("1\n") + Signature.wideText("1\r\n"),
    maximumSize: 0x400_0000,
    resembles: { FileFormat.head($0, keepsTo: examineSRT) }, examine: examineSRT)

  private static func examineSRT(_ file: Source) throws -> Examination {
    try LineWalk<SRTGrammar>.examine(file, "srt", "subtitles")
  }
}

/// The lines of SubRip subtitles.
struct SRTGrammar: LineGrammar {
  private enum Expected { case number, time, text }

  private var expected = Expected.number
  private var cues = 0

  var mayEnd: Bool { cues > 0 && expected != .time }

  mutating func read(_ line: [UInt8]) -> LineStep {
    switch expected {
    case .number:
      if line.isEmpty, cues > 0 { return .goesOn }
      let digits = line.filter { $0 != 0x20 }
      // A text may hold an empty line.
      guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
        return cues > 0 ? .goesOn : .isForeign
      }
      expected = .time
    case .time:
      guard SubtitleTime.stands(in: line) else { return .isForeign }
      cues += 1
      expected = .text
    case .text: if line.isEmpty { expected = .number }
    }
    return .goesOn
  }
}
