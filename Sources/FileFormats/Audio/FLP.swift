// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// FL Studio project: a head, and a chunk of events that reaches to the end.
  ///
  ///     0 FLhd   4 u32 6   8 u16 format   10 u16 channels   12 u16 division
  ///     14 FLdt  18 u32 size; then events: u8 kind; below 64 a byte, below 128 two, below 192 four,
  ///     else a length in groups of seven bits and so many bytes   (little-endian)
  ///
  /// - Source: Image-Line, *FL Studio SDK*, `fp_plugclass.h` and the FLP format notes in it.
  package static let flp = FileFormat(
    id: "flp", name: "FL Studio project", category: .audio, validation: .size,
    signatures: [Signature(Array("FLhd".utf8) + [6, 0, 0, 0])], maximumSize: 0x4000_0000,
    resembles: { $0.holds(Array("FLdt".utf8), at: 14) }
  ) { file in
    try Examination.walk("flp", file) {
      var window = Window(file, span: 4096)
      let end = try ByteOffset(22) + ByteCount(UInt64(window.little(UInt32.self, at: 18)))
      guard end > 22 else { throw Malformed("FLP", "it holds no events", at: 18) }
      var position: ByteOffset = 22
      while position < end {
        let kind = try window.byte(at: position)
        position = try position + 1
        guard kind >= 192 else {
          position = try position + (kind < 64 ? 1 : kind < 128 ? 2 : 4)
          continue
        }
        var length: UInt64 = 0
        for group in 0..<5 {
          let byte = try window.byte(at: position)
          position = try position + 1
          length |= UInt64(byte & 0x7F) << UInt64(7 * group)
          if byte < 0x80 { break }
        }
        position = try position + ByteCount(length)
      }
      guard position == end else {
        throw Malformed("FLP", "an event reaches beyond the end", at: end)
      }
      guard end <= file.range.upperBound else { throw Truncated() }
      return .whole("flp", "FLP", end: end, and: [.payloadUnchecked])
    }
  }
}
