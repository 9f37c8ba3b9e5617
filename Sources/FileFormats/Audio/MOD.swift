// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Protracker module and its kin: a title, 31 samples' heads, an order of patterns, a mark, the
  /// patterns and the samples, all of sizes that follow from these.
  ///
  /// | Offset | Size | Field   | Unit                                                          |
  /// |-------:|-----:|---------|---------------------------------------------------------------|
  /// |   0x00 |   20 | title   |                                                               |
  /// |   0x14 |  930 | samples | 22 name; u16 words, u8 tuning, u8 volume, u16 loop, u16 words |
  /// |  0x3B6 |    1 | length  | entries of the order in use                                   |
  /// |  0x3B8 |  128 | order   | numbers of patterns                                           |
  /// |  0x438 |    4 | mark    | `M.K.`, `8CHN`, `12CH` …: the number of channels              |
  /// |  0x43C |    … | patterns| 256 bytes for each channel; big-endian                        |
  ///
  /// - Source: L. Hamilton et al., *Protracker module format*; Commodore Amiga, Protracker 2.3A.
  package static let mod = FileFormat(
    id: "mod", name: "Protracker module", category: .audio, extensions: ["mod"], validation: .size,
    signatures: ["M.K.", "M!K!", "FLT4", "4CHN", "6CHN", "8CHN", "CD81", "OKTA"].map {
      Signature($0, at: 0x438)
    } + [Signature(masked: MODWalk.manyChannels, at: 0x438)],
    maximumSize: 0x100_0000, resembles: MODWalk.resembles
  ) { file in
    try Examination.walk("mod", file) { try MODWalk.examination(file) }
  }
}

/// The sizes of a module's parts.
private enum MODWalk {
  /// Two digits and `CH`.
  static let manyChannels: [Signature.Element] = [
    .init(0x30, mask: 0xFC), .init(0x30, mask: 0xF0), .init(0x43), .init(0x48),
  ]

  static func examination(_ file: Source) throws -> Examination {
    let head = try file.read(at: 0, count: 1084)
    guard head.withSpan(resembles), let channels = channels(Array(head[1080...])) else {
      throw Malformed("MOD", "a head that none can have", at: 0)
    }
    let length = head[950]
    let order = head[952..<1080]
    guard (1...128).contains(length), order.allSatisfy({ $0 < 128 }) else {
      throw Malformed("MOD", "an order that none can have", at: 950)
    }
    let patterns = UInt64(order.max() ?? 0) + 1
    var end = try ByteOffset(1084) + ByteCount(patterns * channels * 256)
    try check(file, 1084..<end)
    for sample in 0..<31 {
      end = try end + ByteCount(UInt64(head.big(UInt16.self, at: 20 + 30 * sample + 22)) * 2)
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole("mod", "MOD", end: end, and: [.payloadUnchecked])
    result.name = ContentText.text(head[..<20])
    return result
  }

  /// Notes name one of 31 samples, and a period of 12 bits.
  private static func check(_ file: Source, _ range: Range<ByteOffset>) throws {
    let bytes = try file.read(at: range.lowerBound, count: range.length)
    for index in stride(from: 0, to: bytes.count, by: 4) where bytes[index] & 0xE0 != 0 {
      throw Malformed(
        "MOD", "a note of no sample",
        at: range.lowerBound.advancedClamped(by: ByteCount(clamping: index)))
    }
  }

  private static func channels(_ mark: [UInt8]) -> UInt64? {
    switch String(decoding: mark, as: UTF8.self) {
    case "M.K.", "M!K!", "FLT4", "4CHN": return 4
    case "6CHN": return 6
    case "8CHN", "CD81", "OKTA": return 8
    default:
      guard mark.count == 4, mark[2] == 0x43, mark[3] == 0x48, (0x30...0x33).contains(mark[0]),
        (0x30...0x39).contains(mark[1])
      else { return nil }
      let count = UInt64(mark[0] - 0x30) * 10 + UInt64(mark[1] - 0x30)
      return (5...32).contains(count) ? count : nil
    }
  }

  /// Whether the samples' heads, as far as they lie at hand, are such.
  static let resembles: @Sendable (RawSpan) -> Bool = { bytes in
    var longest: UInt16 = 0
    for sample in 0..<31 {
      let start = 20 + 30 * sample
      guard let head = try? bytes.copy(at: start, count: 30) else {
        return sample >= 16 && longest > 0
      }
      guard head[24] < 16, head[25] <= 64, let words = try? head.big(UInt16.self, at: 22) else {
        return false
      }
      longest = max(longest, words)
    }
    return longest > 0
  }
}
