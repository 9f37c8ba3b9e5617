// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// OctaMED module: its head states its length.
  ///
  ///     0 MMD0 to MMD3   4 u32 length of all   8 u32 offset of the song   (big-endian)
  ///
  /// - Source: T. Kinnunen, *OctaMED MMD0 and MMD1 file format*.
  package static let med = FileFormat(
    id: "med", name: "OctaMED module", category: .audio,
    extensions: ["med", "mmd0", "mmd1", "mmd2", "mmd3"], validation: .size,
    signatures: (0x30...0x33).map { Signature(Array("MMD".utf8) + [$0]) }, maximumSize: 0x400_0000,
    resembles: { bytes in
      let words = (0..<13).compactMap { try? bytes.big(UInt32.self, at: $0 * 4) }
      guard words.count == 13, words[1] > 840, words[2] >= 52, words[2] % 2 == 0 else {
        return false
      }
      // Song, blocks, samples and further data lie inside.
      return [2, 4, 6, 8].allSatisfy { words[$0] < words[1] } && words[1] < 0x400_0000
    }
  ) { file in
    try Examination.walk("med", file) {
      let end = ByteOffset(UInt64(try file.big(UInt32.self, at: 4)))
      guard end > 840 else { throw Malformed("MED", "an end inside its head", at: 4) }
      guard end <= file.range.upperBound else { throw Truncated() }
      return .whole("med", "MED", end: end, and: [.payloadUnchecked])
    }
  }

  /// MultiTracker module: counts, and parts of sizes that follow from them.
  ///
  /// | Offset | Size | Field    | Unit                                                |
  /// |-------:|-----:|----------|-----------------------------------------------------|
  /// |   0x00 |    4 | mark     | `MTM`, 10                                           |
  /// |   0x04 |   20 | title    |                                                     |
  /// |   0x18 |    2 | tracks   | of 192 bytes                                        |
  /// |   0x1A |    1 | patterns | of 64 bytes; the last one's number                  |
  /// |   0x1C |    2 | comment  | bytes                                               |
  /// |   0x1E |    1 | samples  | heads of 37 bytes behind 66: name 22, u32 length …  |
  /// |   0x21 |    1 | channels | 1 to 32                                             |
  ///
  /// - Source: Renaissance, *MultiTracker module format 1.0*.
  package static let mtm = FileFormat(
    id: "mtm", name: "MultiTracker module", category: .audio, validation: .size,
    signatures: [Signature(Array("MTM".utf8) + [0x10])], maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: 66) else { return false }
      return head[0x1E] < 64 && (1...32).contains(head[0x21]) && head[0x1B] < 128
        && head[0x22...].allSatisfy { $0 < 16 }
    }
  ) { file in
    try Examination.walk("mtm", file) {
      let head = try file.read(at: 0, count: 66)
      let samples = UInt64(head[0x1E])
      let heads = try file.read(at: 66, count: ByteCount(samples * 37))
      var size = 66 + samples * 37 + 128 + UInt64(try head.little(UInt16.self, at: 0x18)) * 192
      size += (UInt64(head[0x1A]) + 1) * 64 + UInt64(try head.little(UInt16.self, at: 0x1C))
      for sample in 0..<Int(samples) {
        size += UInt64(try heads.little(UInt32.self, at: sample * 37 + 22))
      }
      let end = ByteOffset(size)
      guard end <= file.range.upperBound else { throw Truncated() }
      var result = Examination.whole("mtm", "MTM", end: end, and: [.payloadUnchecked])
      result.name = ContentText.text(head[4..<24])
      return result
    }
  }
}
