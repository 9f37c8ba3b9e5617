// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// Zstandard: frames end to end, with frames to skip among them.
  ///
  /// - Source: RFC 8878, §3.1.
  package static let zstandard = FileFormat(
    id: "zst", name: "Zstandard archive", category: .archive, extensions: ["zst", "tzst"],
    validation: .checksums,
    signatures: [
      Signature(ZstandardFrame.mark),
      // The frame that pzstd begins with tells the size of the next one.
      Signature([0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0]),
    ],
    maximumSize: 0x100_0000_0000,
    resembles: { bytes in
      let start = bytes.holds(ZstandardFrame.mark, at: 0) ? 0 : 12
      guard bytes.holds(ZstandardFrame.mark, at: start),
        let head = try? bytes.copy(at: start, count: min(32, bytes.byteCount - start))
      else { return false }
      return (try? ZstandardFrame.Head(head)) != nil
    }
  ) { file in
    try Examination.walk("zst", file) {
      try PackedStreams(id: "zst", name: "Zstandard", checksum: "XXH64").examination(of: file) {
        position in
        try ZstandardFrame.part(of: file, at: position)
      }
    }
  }
}
