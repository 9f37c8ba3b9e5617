// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Windows icons and cursors: a directory of pictures, each a bitmap without file header or a PNG
  /// picture. They end behind the last one.
  ///
  /// | Offset | Size | Field     | Unit                                            |
  /// |-------:|-----:|-----------|-------------------------------------------------|
  /// |   0x00 |    2 | zero      |                                                 |
  /// |   0x02 |    2 | kind      | 1 icon, 2 cursor                                |
  /// |   0x04 |    2 | count     | entries of 16 bytes                             |
  /// |   0x06 |    4 | dimension | width, height, colours, zero                    |
  /// |   0x0A |    4 | planes    | and depth; of cursors the hot spot              |
  /// |   0x0E |    4 | size      | bytes                                           |
  /// |   0x12 |    4 | offset    |                                                 |
  ///
  /// - Source: Microsoft, *Icons in Win32* (J. Hornick, 1995).
  package static let ico = FileFormat(
    id: "ico", name: "icon or cursor", category: .photo, extensions: ["ico", "cur"],
    validation: .size,
    signatures: [
      Signature([0, 0, 1, 0], alignment: 512), Signature([0, 0, 2, 0], alignment: 512),
    ],
    maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: min(8192, bytes.byteCount)) else {
        return false
      }
      return (try? ICODirectory(parsing: head)).map { $0.resembles(head) } ?? false
    }
  ) { file in
    try Examination.weakWalk(file) { try ICOWalk(file).examination() }
  }
}
