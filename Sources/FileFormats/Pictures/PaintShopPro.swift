// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Paint Shop Pro pictures: blocks up to the first place where none stands.
  ///
  ///     0  `Paint Shop Pro Image File` 0A 1A 00 …   32  u16 major version   34  u16 minor version
  ///     block  `~BK` 00, u16 id, u32 length; up to version 3 u32 length of its head before that
  ///
  /// - Source: Jasc Software, *Paint Shop Pro File Format Specification 8.0*.
  package static let psp = FileFormat(
    id: "psp", name: "Paint Shop Pro picture", category: .photo,
    extensions: ["psp", "pspimage", "tub", "pspframe", "pspbrush"], validation: .size,
    signatures: [Signature(Array("Paint Shop Pro Image File\n".utf8) + [0x1A])],
    maximumSize: 0x1_0000_0000,
    resembles: { bytes in bytes.holds(Array("~BK\0".utf8), at: 36) }
  ) { file in
    try Examination.walk("psp", file) {
      var window = Window(file, span: 512)
      let isOld = try window.little(UInt16.self, at: 32) <= 3
      var position: ByteOffset = 36
      var blocks = 0
      while try window.holds(Array("~BK\0".utf8), at: position) {
        blocks += 1
        guard blocks < 100_000 else {
          throw Malformed("PSP", "there are too many blocks", at: position)
        }
        let length = UInt64(try window.little(UInt32.self, at: position + (isOld ? 10 : 6)))
        position = try position + (isOld ? 14 : 10) + ByteCount(length)
        guard position <= file.range.upperBound else { throw Truncated() }
      }
      guard blocks > 1 else { throw Malformed("PSP", "it holds no picture", at: position) }
      return .whole("psp", "PSP", end: position, and: [.payloadUnchecked])
    }
  }
}
