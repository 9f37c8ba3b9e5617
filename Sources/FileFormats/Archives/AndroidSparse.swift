// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Android's sparse images of partitions: chunks of blocks, as many as the header says.
  ///
  ///     0  3A FF 26 ED   4  u16 1   8  u16 28   10  u16 12   12  u32 block size   16  u32 blocks
  ///     20  u32 chunks
  ///     chunk: u16 CAC1 raw, CAC2 filled, CAC3 left out, CAC4 CRC; u32 blocks at 4, u32 bytes at 8
  ///
  /// - Source: Android, `system/core/libsparse/sparse_format.h`.
  package static let androidSparse = FileFormat(
    id: "simg", name: "Android sparse image", category: .archive, extensions: ["simg", "img"],
    validation: .size,
    signatures: [Signature([0x3A, 0xFF, 0x26, 0xED, 1, 0])], maximumSize: 0x10_0000_0000,
    resembles: { bytes in bytes.holds([28, 0, 12, 0], at: 8) }
  ) { file in
    try Examination.walk("simg", file) {
      let header = try file.read(at: 0, count: 28)
      let blockSize = UInt64(try header.little(UInt32.self, at: 12))
      let blocks = UInt64(try header.little(UInt32.self, at: 16))
      var window = Window(file, span: 0x1000)
      var position: ByteOffset = 28
      var total: UInt64 = 0
      for _ in 0..<(try header.little(UInt32.self, at: 20)) {
        let kind = try window.little(UInt16.self, at: position)
        let count = UInt64(try window.little(UInt32.self, at: position + 4))
        let size = UInt64(try window.little(UInt32.self, at: position + 8))
        let expected = [0xCAC1: 12 + count &* blockSize, 0xCAC2: 16, 0xCAC3: 12, 0xCAC4: 16][kind]
        guard size == expected else {
          throw Malformed("sparse image", "no chunk starts here", at: position)
        }
        total &+= kind == 0xCAC4 ? 0 : count
        position = try position + ByteCount(size)
        guard position <= file.range.upperBound else { throw Truncated() }
      }
      guard total == blocks, total > 0 else {
        throw Malformed("sparse image", "its blocks are not as many as it says", at: position)
      }
      return Examination.whole("simg", "sparse image", end: position, and: [.payloadUnchecked])
    }
  }
}
