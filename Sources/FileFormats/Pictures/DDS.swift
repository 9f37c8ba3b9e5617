// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// DirectDraw surfaces: a header, then the pixels of each face and layer, each with its smaller
  /// copies; the header tells the size of all.
  ///
  /// | Offset | Size | Field       | Unit                                             |
  /// |-------:|-----:|-------------|--------------------------------------------------|
  /// |   0x00 |    8 | `DDS `, 124 |                                                  |
  /// |   0x08 |    4 | flags       | 0x20000: copies are counted                      |
  /// |   0x0C |    8 | height, width | pixels                                         |
  /// |   0x18 |    8 | depth, copies |                                                |
  /// |   0x4C |   32 | pixel format | 32, flags, four characters, bits, masks         |
  /// |   0x6C |    8 | capabilities | 0x200 cube, 0x200000 volume in the second        |
  /// |   0x80 |   20 | `DX10` only | format, dimension, flags, layers                 |
  ///
  /// - Source: Microsoft, *Programming Guide for DDS*, DDS_HEADER, DDS_HEADER_DXT10.
  package static let dds = FileFormat(
    id: "dds", name: "DirectDraw surface", category: .photo, validation: .size,
    signatures: [Signature(Array("DDS ".utf8) + [124, 0, 0, 0])], maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      (try? bytes.copy(at: 0, count: min(148, bytes.byteCount))).flatMap {
        try? DDSHeader(parsing: $0)
      }
        != nil
    }
  ) { file in
    try Examination.walk("dds", file) {
      let header = try DDSHeader(parsing: file.readPrefix(at: 0, count: 148))
      let end = try ByteOffset(header.size) + header.length
      guard end <= file.range.upperBound else { throw Truncated() }
      return .whole("dds", "DDS", end: end, and: [.payloadUnchecked])
    }
  }
}
