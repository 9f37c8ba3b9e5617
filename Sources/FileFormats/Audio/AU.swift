// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Sun's and NeXT's sound: a head, and as many bytes of samples as it states.
  ///
  /// | Offset | Size | Field         | Unit                                    |
  /// |-------:|-----:|---------------|-----------------------------------------|
  /// |   0x00 |    4 | mark          | `.snd`                                  |
  /// |   0x04 |    4 | head          | bytes before the samples; big-endian    |
  /// |   0x08 |    4 | size          | bytes; all ones where unknown           |
  /// |   0x0C |    4 | encoding      | 1 to 27                                 |
  /// |   0x10 |    4 | sampling rate | hertz                                   |
  /// |   0x14 |    4 | channels      |                                         |
  ///
  /// - Source: Sun Microsystems, *audio file format*, `au(4)`.
  package static let au = FileFormat(
    id: "au", name: "Sun sound", category: .audio, extensions: ["au", "snd"], validation: .size,
    signatures: [Signature(".snd")], maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      guard let head = try? bytes.big(UInt32.self, at: 4),
        let size = try? bytes.big(UInt32.self, at: 8),
        let encoding = try? bytes.big(UInt32.self, at: 12),
        let rate = try? bytes.big(UInt32.self, at: 16),
        let channels = try? bytes.big(UInt32.self, at: 20)
      else { return false }
      return (24...0x1_0000).contains(head) && size > 0 && size < .max
        && (1...27).contains(encoding) && (1000...384_000).contains(rate)
        && (1...16).contains(channels)
    }
  ) { file in
    try Examination.walk("au", file) {
      let head = try file.read(at: 0, count: 24)
      let start = ByteCount(UInt64(try head.big(UInt32.self, at: 4)))
      let size = ByteCount(UInt64(try head.big(UInt32.self, at: 8)))
      guard start >= 24, size > 0, size < 0xFFFF_FFFF else {
        return .broken(at: 0, problem: "its size is not known")
      }
      let end = ByteOffset(try start + size)
      guard end <= file.range.upperBound else { throw Truncated() }
      var result = Examination.whole("au", "AU", end: end, and: [.payloadUnchecked])
      let text = ContentText.text(try file.read(at: 24, count: min(try start - 24, 1000))) ?? ""
      let title = text.split(separator: "\n").first { $0.lowercased().hasPrefix("title=") }
      result.name = title.flatMap { ContentText.trimmed(String($0.dropFirst(6))) }
      return result
    }
  }
}
