// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Embedded OpenType: a font of web pages for old browsers, as it is or compressed.
  ///
  /// | Offset | Size | Field   | Unit                                                           |
  /// |-------:|-----:|---------|----------------------------------------------------------------|
  /// |   0x00 |    4 | size    | of the file                                                    |
  /// |   0x04 |    4 | font    | bytes of the font, at the end                                  |
  /// |   0x08 |    4 | version | 0x10000, 0x20001, 0x20002                                      |
  /// |   0x0C |    4 | flags   | 4: compressed; 0x10000000: exclusive-ored                      |
  /// |   0x22 |    2 | mark    | `LP`                                                           |
  /// |   0x40 |   16 |         | zeros                                                          |
  /// |   0x52 |    … | names   | each u16 bytes of UTF-16, then u16 zero: family, style, …      |
  ///
  /// - Source: W3C, *Embedded OpenType (EOT) File Format*, §3.
  package static let eot = FileFormat(
    id: "eot", name: "Embedded web font", category: .system, validation: .checksums,
    signatures: [
      eotSignature([0, 0, 1, 0]), eotSignature([1, 0, 2, 0]), eotSignature([2, 0, 2, 0]),
    ],
    maximumSize: 0x400_0000,
    resembles: { bytes in
      guard let size = try? bytes.little(UInt32.self, at: 0),
        let font = try? bytes.little(UInt32.self, at: 4)
      else { return false }
      return font > 12 && font < size && size < 0x400_0000
        && bytes.holds([UInt8](repeating: 0, count: 18), at: 64)
    }
  ) { file in
    try Examination.walk("eot", file) {
      let head = try file.read(at: 0, count: 84)
      let end = ByteOffset(UInt64(try head.little(UInt32.self, at: 0)))
      let font = ByteCount(UInt64(try head.little(UInt32.self, at: 4)))
      let start = try ByteOffset(end - ByteOffset(font))
      guard end <= file.range.upperBound else { throw Truncated() }
      var result = Examination.whole("eot", "EOT", end: end, and: [.payloadUnchecked])
      if try head.little(UInt32.self, at: 12) & 0x1000_0004 == 0 {
        let inner = try FileFormat.sfnt.examine(file.slice(start..<end))
        guard inner.end == .complete else {
          throw Malformed("EOT", "the font in it is broken", at: start)
        }
        result.evidence = [.headerMatched("eot")] + inner.evidence.dropFirst()
        result.name = inner.name
        result.date = inner.date
      }
      if result.name == nil {
        let name = try file.readPrefix(
          at: 84, count: ByteCount(UInt64(head.little(UInt16.self, at: 82))))
        let units = stride(from: 0, to: min(name.count, 400) & ~1, by: 2).compactMap {
          try? name.little(UInt16.self, at: $0)
        }
        result.name = ContentText.trimmed(String(decoding: units, as: UTF16.self))
      }
      return result
    }
  }

  private static func eotSignature(_ version: [UInt8]) -> Signature {
    let any = [Signature.Element](repeating: .init(0, mask: 0), count: 22)
    return Signature(
      masked: version.map { Signature.Element($0) } + any + [.init(0x4C), .init(0x50)], at: 8)
  }
}
