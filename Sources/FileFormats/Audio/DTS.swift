// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// DTS: a chain of frames, each perhaps with an extension (DTS-HD) behind it.
  ///
  /// | Bits | Field       | Meaning                                             |
  /// |-----:|-------------|-----------------------------------------------------|
  /// |   32 | sync        | 7F FE 80 01                                         |
  /// |   14 | kind        | with the number of blocks of samples                |
  /// |   14 | size        | bytes of the frame, less one                        |
  /// |    6 | channels    |                                                     |
  /// |    4 | rate        | index of the sampling rate                          |
  ///
  /// An extension: 64 58 20 25, 8 + 2 bits, 1 bit that it is long, 8 or 12 bits of head, 16 or 20 bits
  /// of size less one.
  ///
  /// - Source: ETSI TS 102 114 V1.3.1, *DTS Coherent Acoustics*, §5.3 and §7.4.
  package static let dts = FileFormat(
    id: "dts", name: "DTS sound", category: .audio, extensions: ["dts", "dtshd", "dtsma"],
    validation: .structure,
    signatures: [
      Signature([0x7F, 0xFE, 0x80, 0x01], alignment: 512),
      Signature([0x64, 0x58, 0x20, 0x25], alignment: 512),
    ],
    maximumSize: 0x4_0000_0000,
    resembles: { bytes in
      guard let length = DTSWalk.length(bytes, at: 0) else { return false }
      return length &+ 16 > bytes.byteCount || DTSWalk.length(bytes, at: length) != nil
    }
  ) { file in
    try DTSWalk.examination(file)
  }
}

/// The walk over a chain of DTS frames.
private enum DTSWalk {
  private static let fewestFrames = 4
  private static let piece: UInt64 = 0x20_0000

  static func examination(_ file: Source) throws -> Examination {
    var position: ByteOffset = 0
    var frames = 0
    while true {
      let bytes = try file.readPrefix(at: position, count: ByteCount(piece))
      let (passed, index) = bytes.withSpan { follow($0) }
      frames &+= passed
      position = try position + ByteCount(clamping: index)
      if passed == 0 || bytes.count < Int(clamping: piece) { break }
    }
    guard frames >= fewestFrames else {
      return .broken(at: position, problem: "too few DTS frames")
    }
    let rest = try file.readPrefix(at: position, count: 16)
    if rest.withSpan({ length($0, at: 0) }) != nil {
      return .truncated(at: file.range.upperBound, evidence: [.headerMatched("dts")])
    }
    return try TrailingTags(in: file, after: position).examination("dts", "DTS")
  }

  /// Passes the frames that lie in these bytes.
  private static func follow(_ bytes: RawSpan) -> (passed: Int, index: Int) {
    var index = 0
    var passed = 0
    while let length = length(bytes, at: index), index &+ length <= bytes.byteCount {
      index &+= length
      passed &+= 1
    }
    return (passed, index)
  }

  /// The length of the frame or the extension at `offset`; nil where none starts.
  static func length(_ bytes: RawSpan, at offset: Int) -> Int? {
    guard let head = try? bytes.big(UInt64.self, at: offset),
      let more = try? bytes.big(UInt16.self, at: offset &+ 8)
    else { return nil }
    switch head >> 32 {
    case 0x7FFE_8001:
      let length = Int(head >> 4 & 0x3FFF) + 1
      let rate = more >> 10 & 15
      let blocks = head >> 18 & 0x7F
      guard length >= 96, blocks >= 5, ![0, 4, 5, 9, 10].contains(rate) else { return nil }
      return length
    case 0x6458_2025:
      // 8 + 2 bits, then the kind; the size is counted from the end of the 64 bits and 16 more.
      let fields = (head & 0x1F_FFFF) << 16 | UInt64(more)
      let isLong = head >> 21 & 1 == 1
      let length = Int(isLong ? fields >> 5 & 0xF_FFFF : fields >> 13 & 0xFFFF) + 1
      return length >= 16 ? length : nil
    default: return nil
    }
  }
}
