// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Creative Labs' voice file: blocks up to one of type zero.
  ///
  ///     0 "Creative Voice File" 1A   20 u16 head, 26   22 u16 version   24 u16 0x1234 less version
  ///     then blocks: u8 type, 0 to 9; u24 length   (little-endian)
  ///
  /// - Source: Creative Labs, *Creative Voice File Format*, Sound Blaster developer kit.
  package static let voc = FileFormat(
    id: "voc", name: "Creative voice sound", category: .audio, validation: .size,
    signatures: [Signature(Array("Creative Voice File".utf8) + [0x1A])], maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let version = try? bytes.little(UInt16.self, at: 22),
        let check = try? bytes.little(UInt16.self, at: 24)
      else { return false }
      return check == 0x1234 &+ ~version
    }
  ) { file in
    try Examination.walk("voc", file) {
      var window = Window(file, span: 4096)
      var position = ByteOffset(UInt64(try window.little(UInt16.self, at: 20)))
      guard position >= 26 else { throw Malformed("VOC", "a head of no size", at: 20) }
      var blocks = 0
      while true {
        let type = try window.byte(at: position)
        if type == 0, blocks > 0 { break }
        guard (1...9).contains(type) else {
          throw Malformed("VOC", "no block starts here", at: position)
        }
        let length = UInt64(try window.little(UInt16.self, at: position + 1))
        let high = UInt64(try window.byte(at: position + 3))
        let end = try position + 4 + ByteCount(high << 16 | length)
        guard end <= file.range.upperBound else { throw Truncated() }
        position = end
        blocks &+= 1
      }
      return .whole("voc", "VOC", end: try position + 1, and: [.payloadUnchecked])
    }
  }
}
