// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import SignatureScan

extension FileFormat {
  /// Monkey's Audio, as written since version 3.98: a descriptor with the sizes of all parts, and an
  /// MD5 over them.
  ///
  /// | Offset | Size | Field       | Unit                                                    |
  /// |-------:|-----:|-------------|---------------------------------------------------------|
  /// |   0x00 |    4 | mark        | `MAC `, or `MACF` where samples are no integers         |
  /// |   0x04 |    2 | version     | 3980 on                                                 |
  /// |   0x08 |   24 | sizes       | descriptor, head, seek table, the original's head,      |
  /// |        |      |             | frames (two words); u32                                 |
  /// |   0x20 |    4 | tail        | size of the original's tail                             |
  /// |   0x24 |   16 | checksum    | MD5 of original head, frames, tail, head, seek table    |
  ///
  /// - Source: M. Ashland, *Monkey's Audio SDK*, `MACLib.h` and `APEHeader.h`.
  package static let ape = FileFormat(
    id: "ape", name: "Monkey's Audio sound", category: .audio, extensions: ["ape"],
    validation: .checksums,
    signatures: [Signature("MAC "), Signature("MACF")], maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let version = try? bytes.little(UInt16.self, at: 4),
        let descriptor = try? bytes.little(UInt32.self, at: 8),
        let head = try? bytes.little(UInt32.self, at: 12)
      else { return false }
      return (3980...4999).contains(version) && (52...256).contains(descriptor)
        && (24...256).contains(head)
    }
  ) { file in
    try Examination.walk("ape", file) {
      let descriptor = try file.read(at: 0, count: 52)
      let sizes = try (0..<7).map { UInt64(try descriptor.little(UInt32.self, at: 8 + 4 * $0)) }
      guard sizes[0] >= 52, sizes[1] >= 24, sizes[2] < 0x1000_0000, sizes[4] | sizes[5] > 0 else {
        throw Malformed("Monkey's Audio", "sizes that none can have", at: 8)
      }
      let head = ByteOffset(sizes[0])
      let original = try head + ByteCount(sizes[1]) + ByteCount(sizes[2])
      let end =
        try original + ByteCount(sizes[3]) + ByteCount(sizes[5] << 32 | sizes[4])
        + ByteCount(sizes[6])
      guard end <= file.range.upperBound else { throw Truncated() }
      var hash = MessageDigest(.md5)
      for range in [original..<end, head..<original] {
        var position = range.lowerBound
        while position < range.upperBound {
          let next = min(range.upperBound, position.advancedClamped(by: 0x10_0000))
          try file.withBytes(in: position..<next) { hash.update($0) }
          position = next
        }
      }
      let isProven = hash.finish() == Array(descriptor[36...])
      let tags = try TrailingTags(in: file, after: end)
      return tags.examination(
        "ape", "Monkey's Audio", isEndStated: true,
        and: [isProven ? .checksumsHold(count: 1, kind: "MD5") : .payloadUnchecked])
    }
  }
}
