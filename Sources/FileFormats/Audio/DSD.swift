// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Sony's DSD stream file: three chunks, and an ID3 tag.
  ///
  /// | Offset | Size | Field       | Unit                            |
  /// |-------:|-----:|-------------|---------------------------------|
  /// |   0x00 |   12 | mark        | `DSD `, and 28 as u64           |
  /// |   0x0C |    8 | size        | bytes of the file               |
  /// |   0x14 |    8 | tag         | its offset; 0 where there is none |
  /// |   0x1C |   12 | format      | `fmt `, and 52 as u64           |
  /// |   0x50 |   12 | samples     | `data`, and its size as u64     |
  ///
  /// - Source: Sony, *DSF File Format Specification 1.01*.
  package static let dsf = FileFormat(
    id: "dsf", name: "DSD sound", category: .audio, validation: .size,
    signatures: [Signature(Array("DSD ".utf8) + [28, 0, 0, 0, 0, 0, 0, 0])],
    maximumSize: 0x10_0000_0000,
    resembles: { $0.holds(Array("fmt ".utf8) + [52, 0, 0, 0, 0, 0, 0, 0], at: 28) }
  ) { file in
    try Examination.walk("dsf", file) {
      let head = try file.read(at: 0, count: 92)
      let end = ByteOffset(try head.little(UInt64.self, at: 12))
      let tag = ByteOffset(try head.little(UInt64.self, at: 20))
      let samples = try ByteOffset(80) + ByteCount(head.little(UInt64.self, at: 84))
      guard head.holds(Array("data".utf8), at: 80), samples == (tag == 0 ? end : tag), tag < end
      else { throw Malformed("DSF", "sizes that do not agree", at: 12) }
      guard end <= file.range.upperBound else { throw Truncated() }
      var result = Examination.whole("dsf", "DSF", end: end, and: [.payloadUnchecked])
      var window = Window(file, span: 4096)
      if tag > 0, let tag = try ID3Tag(&window, at: tag) {
        (result.name, result.date) = try tag.describe(file)
      }
      return result
    }
  }

  /// Philips' DSDIFF: a form whose size is stated, with its chunks, plain or compressed (DST).
  ///
  ///     0 FRM8   4 u64 size behind it   12 `DSD `; then chunks: type, u64 size   (big-endian)
  ///
  /// - Source: Philips, *Direct Stream Digital Interchange File Format 1.5*.
  package static let dff = FileFormat(
    id: "dff", name: "DSDIFF sound", category: .audio, validation: .size,
    signatures: [Signature(Array("FRM8".utf8) + [0, 0])], maximumSize: 0x10_0000_0000,
    resembles: { $0.holds(Array("DSD FVER".utf8), at: 12) }
  ) { file in
    try Examination.walk("dff", file) {
      var window = Window(file, span: 4096)
      let end = try ByteOffset(12) + ByteCount(window.big(UInt64.self, at: 4))
      var position: ByteOffset = 16
      var seen = Set<String>()
      var tag: ID3Tag?
      for _ in 0..<4096 {
        guard let next = try? position + 12, next <= end else { break }
        let id = try window.copy(at: position, count: 4)
        let size = try window.big(UInt64.self, at: position + 4)
        guard id.allSatisfy({ (0x20...0x7E).contains($0) }), try next + ByteCount(size) <= end
        else {
          throw Malformed("DSDIFF", "no chunk starts here", at: position)
        }
        if id == Array("ID3 ".utf8) { tag = try ID3Tag(&window, at: next) }
        seen.insert(String(decoding: id, as: UTF8.self))
        position = try next + ByteCount(size) + ByteCount(size & 1)
      }
      guard end <= file.range.upperBound else { throw Truncated() }
      guard seen.contains("PROP"), seen.contains("DSD ") || seen.contains("DST ") else {
        throw Malformed("DSDIFF", "it holds no sound", at: min(position, end))
      }
      var result = Examination.whole("dff", "DSDIFF", end: end, and: [.payloadUnchecked])
      (result.name, result.date) = try tag?.describe(file) ?? (nil, nil)
      return result
    }
  }
}
