// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

extension FileFormat {
  /// Material Exchange Format: partitions of keys, lengths and values, up to a random index pack.
  ///
  /// - Source: SMPTE ST 377-1:2019, *Material Exchange Format (MXF) — File Format Specification*.
  package static let mxf = FileFormat(
    id: "mxf", name: "MXF video", category: .video, validation: .structure,
    signatures: [
      Signature([0x06, 0x0E, 0x2B, 0x34, 2, 5, 1, 1, 0x0D, 1, 2, 1, 1, 2])
    ],
    maximumSize: 0x40_0000_0000,
    resembles: { bytes in
      guard let status = try? bytes.little(UInt8.self, at: 14),
        let width = try? bytes.little(UInt8.self, at: 16)
      else { return false }
      return (1...4).contains(status) && (width < 0x80 || (0x81...0x88).contains(width))
    }
  ) { file in
    try Examination.walk("mxf", file) {
      var walk = MXFWalk(file)
      return try walk.examination()
    }
  }
}
