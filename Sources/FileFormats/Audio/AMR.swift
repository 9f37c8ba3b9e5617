// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Adaptive Multi-Rate speech, narrow or wide band, of one channel: a mark, then frames of a byte
  /// that names their kind, and so their length.
  ///
  ///     #!AMR\n or #!AMR-WB\n
  ///     then frames: bit 7 is 0, bits 6–3 the kind, bit 2 that it is sound, bits 1–0 are 0
  ///
  /// - Source: RFC 4867, *RTP Payload Format and File Storage Format for AMR and AMR-WB*, §5.
  package static let amr = FileFormat(
    id: "amr", name: "AMR speech", category: .audio, extensions: ["amr", "awb"],
    validation: .structure,
    signatures: [Signature("#!AMR\n"), Signature("#!AMR-WB\n")], maximumSize: 0x4000_0000,
    resembles: { bytes in
      let isWide = bytes.holds(Array("-WB".utf8), at: 5)
      guard let first = try? bytes.little(UInt8.self, at: isWide ? 9 : 6) else { return false }
      return AMRWalk.length(of: first, isWide: isWide) != nil
    }
  ) { file in
    try AMRWalk.examination(file)
  }
}

/// The walk over the frames of an AMR file.
private enum AMRWalk {
  private static let fewestFrames = 2
  private static let piece: UInt64 = 0x1_0000
  /// Bytes of a frame, its first one included, by kind; 0: reserved.
  private static let narrow = [13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1]
  private static let wide = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1]

  static func examination(_ file: Source) throws -> Examination {
    let isWide = try file.readPrefix(at: 5, count: 3) == Array("-WB".utf8)
    let start: ByteOffset = isWide ? 9 : 6
    var position = start
    var frames = 0
    while true {
      let bytes = try file.readPrefix(at: position, count: ByteCount(piece))
      let (passed, index) = follow(bytes, isWide: isWide)
      frames &+= passed
      position = try position + ByteCount(clamping: index)
      if passed == 0 || bytes.count < Int(piece) { break }
    }
    guard start < file.range.upperBound else { throw Truncated() }
    let next = try file.readPrefix(at: position, count: 1).first
    guard frames >= fewestFrames else {
      return .broken(at: position, problem: "too few AMR frames")
    }
    if let next, length(of: next, isWide: isWide) != nil {
      return .truncated(at: file.range.upperBound, evidence: [.headerMatched("amr")])
    }
    var result = try TrailingTags(in: file, after: position).examination("amr", "AMR")
    result.type = isWide ? "awb" : "amr"
    return result
  }

  /// How many frames lie in these bytes, and where the next one would start.
  private static func follow(_ bytes: [UInt8], isWide: Bool) -> (passed: Int, index: Int) {
    var index = 0
    var passed = 0
    while index < bytes.count, let length = length(of: bytes[index], isWide: isWide),
      index &+ length <= bytes.count
    {
      index &+= length
      passed &+= 1
    }
    return (passed, index)
  }

  /// The length of the frame that starts with `head`; nil where none does. Frames that are marked as
  /// bad are no sound: the zeros of a sector's rest look like them.
  static func length(of head: UInt8, isWide: Bool) -> Int? {
    let kind = Int(head >> 3 & 15)
    let length = isWide ? wide[kind] : narrow[kind]
    guard head & 0x83 == 0, length > 0, head & 4 != 0 || length == 1 else { return nil }
    return length
  }
}
