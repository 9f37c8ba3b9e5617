// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Advanced Audio Coding as a chain of ADTS frames, with tags before and behind.
  ///
  /// - Source: ISO/IEC 14496-3:2009, §1.A.2.2 "Audio Data Transport Stream frame, ADTS".
  package static let aac = FileFormat(
    id: "aac", name: "AAC sound", category: .audio, extensions: ["aac", "adts"],
    validation: .structure,
    signatures: ID3Tag.signatures
      + [0xF1, 0xF9, 0xF0, 0xF8].map { Signature([0xFF, $0], alignment: 512) },
    maximumSize: 0x1_0000_0000,
    resembles: AACWalk.resembles
  ) { file in
    try AACWalk.examination(file)
  }
}

/// The head of an ADTS frame.
///
/// | Bits | Field          | Meaning                       |
/// |-----:|----------------|-------------------------------|
/// |   12 | sync           | all ones                      |
/// |    1 | version        |                               |
/// |    2 | layer          | 0                             |
/// |    1 | no checksum    |                               |
/// |    2 | profile        |                               |
/// |    4 | sampling rate  | index; 13 on are reserved     |
/// |    1 | private        |                               |
/// |    3 | channels       |                               |
/// |    4 | copyright      | two bits of them vary         |
/// |   13 | length         | bytes, with this head         |
///
/// - Source: ISO/IEC 14496-3:2009, §1.A.2.2.
private struct ADTSFrame {
  /// What is the same in all frames of a stream.
  let stream: UInt32
  let length: Int

  /// Nil where no frame starts.
  init?(_ bytes: RawSpan, at offset: Int) {
    guard let word = try? bytes.big(UInt32.self, at: offset),
      let rest = try? bytes.big(UInt16.self, at: offset &+ 4),
      word >> 20 == 0xFFF, word >> 17 & 3 == 0, word >> 10 & 15 < 13
    else { return nil }
    stream = word & 0xFFFF_FFF0
    length = Int(word & 3) << 11 | Int(rest >> 5)
    guard length > (word >> 16 & 1 == 1 ? 7 : 9) else { return nil }
  }
}

/// The walk over a chain of ADTS frames.
private struct AACWalk {
  /// A bare chain shorter than this is a coincidence.
  private static let fewestFrames = 8
  private static let piece: UInt64 = 0x4_0000

  static func examination(_ file: Source) throws -> Examination {
    var window = Window(file, span: 4096)
    let tag = try ID3Tag(&window, at: 0)
    let start = tag?.end ?? 0
    let head = try file.readPrefix(at: start, count: 8)
    guard let first = head.withSpan({ ADTSFrame($0, at: 0) }) else {
      return .broken(at: 0, problem: "no AAC frame follows the tag")
    }
    let (frames, end) = try chain(file, from: start, like: first)
    guard frames >= fewestFrames || (tag != nil && frames > 0) else {
      return .broken(at: 0, problem: "too few AAC frames")
    }
    guard end <= file.range.upperBound else {
      return .truncated(at: file.range.upperBound, evidence: [.headerMatched("aac")])
    }
    return try Examination.walk("aac", file) {
      var result = try TrailingTags(in: file, after: end).examination("aac", "AAC")
      try tag?.describe(&result, in: file)
      return result
    }
  }

  /// Follows the frames while they are of one stream: their number, and the end of the last one, which
  /// may lie beyond the file's.
  private static func chain(
    _ file: Source, from start: ByteOffset, like first: ADTSFrame
  ) throws -> (frames: Int, end: ByteOffset) {
    var position = start
    var frames = 0
    while true {
      let bytes = try file.readPrefix(at: position, count: ByteCount(piece))
      let (passed, index) = bytes.withSpan { span in
        var index = 0
        var passed = 0
        while let frame = ADTSFrame(span, at: index), frame.stream == first.stream {
          index &+= frame.length
          passed &+= 1
        }
        return (passed, index)
      }
      frames &+= passed
      position = try position + ByteCount(clamping: index)
      // Near the end of a piece the next head may have been cut.
      if passed == 0 || index &+ 8 <= bytes.count || position >= file.range.upperBound {
        return (frames, position)
      }
    }
  }

  /// A tag; or several frames in a row within these bytes.
  static let resembles: @Sendable (RawSpan) -> Bool = { bytes in
    if bytes.holds(Array("ID3".utf8), at: 0) {
      return ID3Tag.resembles(
        bytes, before: [[0xFF, 0xF1], [0xFF, 0xF9], [0xFF, 0xF0], [0xFF, 0xF8]])
    }
    guard let first = ADTSFrame(bytes, at: 0) else { return false }
    var index = first.length
    for _ in 0..<4 {
      guard index &+ 8 <= bytes.byteCount else { return bytes.byteCount <= 0x1_0000 }
      guard let next = ADTSFrame(bytes, at: index), next.stream == first.stream else {
        return false
      }
      index &+= next.length
    }
    return true
  }
}
