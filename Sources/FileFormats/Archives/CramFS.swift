// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import SignatureScan

extension FileFormat {
  /// Compressed ROM file system, with a CRC-32 over all of it.
  ///
  ///     0  45 3D CD 28   4  u32 size   8  u32 flags, bit 0: size and CRC count
  ///     16  "Compressed ROMFS"   32  u32 CRC-32, itself as zeros   48  name
  ///
  /// - Source: Linux, `include/uapi/linux/cramfs_fs.h`.
  package static let cramFS = FileFormat(
    id: "cramfs", name: "CramFS image", category: .archive, extensions: ["cramfs", "cram"],
    validation: .checksums,
    signatures: [Signature([0x45, 0x3D, 0xCD, 0x28])], maximumSize: 0x1_0000_0000,
    resembles: { bytes in bytes.holds(Array("Compressed ROMFS".utf8), at: 16) }
  ) { file in
    try Examination.walk("cramfs", file) {
      let header = try file.read(at: 0, count: 76)
      let end = ByteOffset(UInt64(try header.little(UInt32.self, at: 4)))
      guard try header.little(UInt32.self, at: 8) & 1 == 1, end > 76 else {
        throw Malformed("CramFS", "its size does not count")
      }
      guard end <= file.range.upperBound else { throw Truncated() }
      var crc = CRC32(.iso)
      crc.update(Array(header[..<32]) + [0, 0, 0, 0])
      var at: ByteOffset = 36
      while at < end {
        let next = min(end, at.advancedClamped(by: 0x10_0000))
        try file.withBytes(in: at..<next) { crc.update($0) }
        at = next
      }
      guard crc.value == (try header.little(UInt32.self, at: 32)) else {
        throw Malformed("CramFS", "the checksum of its content is wrong", at: 76)
      }
      var result = Examination.whole(
        "cramfs", "CramFS", end: end, and: [.checksumsHold(count: 1, kind: "CRC-32")])
      let name = ContentText.text(header[48..<64])
      result.name = name == "Compressed" ? nil : name
      return result
    }
  }
}
