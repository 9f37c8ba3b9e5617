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

  /// Web Video Text Tracks.
  ///
  /// - Source: W3C, *WebVTT: The Web Video Text Tracks Format*, §4 "Syntax".
  package static let vtt = FileFormat(
    id: "vtt", name: "subtitles for the web", category: .document, validation: .reasoning,
    signatures: [.text("WEBVTT"), .markedText("WEBVTT")], maximumSize: 0x400_0000,
    resembles: { FileFormat.head($0, keepsTo: examineVTT) }, examine: examineVTT)

  private static func examineSRT(_ file: Source) throws -> Examination {
    try LineWalk<SRTGrammar>.examine(file, "srt", "subtitles")
  }

  private static func examineVTT(_ file: Source) throws -> Examination {
    try LineWalk<VTTGrammar>.examine(file, "vtt", "subtitles")
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

/// The time from which and to which a subtitle stands.
enum SubtitleTime {
  /// Whether a line begins with two times and an arrow between.
  static func stands(in line: [UInt8]) -> Bool {
    let words = line.split(separator: 0x20, omittingEmptySubsequences: true)
    return words.count >= 3 && isTime(words[0]) && words[1].elementsEqual(Array("-->".utf8))
      && isTime(words[2])
  }

  private static func isTime(_ word: ArraySlice<UInt8>) -> Bool {
    word.count >= 5
      && word.allSatisfy { (0x30...0x39).contains($0) || [0x3A, 0x2C, 0x2E].contains($0) }
  }
}
