// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Multiple-image Network Graphics and JPEG Network Graphics: chunks as in PNG, each with its CRC, up to
  /// an end chunk of their own.
  ///
  /// - Source: G. Randers-Pehrson, *MNG (Multiple-image Network Graphics) Format 1.0*.
  package static let mng = FileFormat(
    id: "mng", name: "MNG animation", category: .photo, extensions: ["mng", "jng"],
    validation: .checksums,
    signatures: [
      Signature([0x8A, 0x4D, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
      Signature([0x8B, 0x4A, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
    ],
    maximumSize: 0x4000_0000,
    resembles: { bytes in
      bytes.holds(Array("MHDR".utf8), at: 12) || bytes.holds(Array("JHDR".utf8), at: 12)
    }
  ) { file in
    try Examination.walk("mng", file) {
      let isSingle = try file.readPrefix(at: 0, count: 1) == [0x8B]
      var position: ByteOffset = 8
      for checked: UInt64 in 1...4_000_000 {
        let chunk = try PNGChunk(in: file, at: position)
        guard try chunk.checksumHolds(in: file) else {
          throw Malformed("MNG", "the checksum of a \(chunk.type) chunk is wrong", at: position)
        }
        position = chunk.end
        guard chunk.type == (isSingle ? "IEND" : "MEND") else { continue }
        var result = Examination.whole(
          "mng", "MNG", end: position, and: [.checksumsHold(count: checked, kind: "CRC-32")])
        result.type = isSingle ? "jng" : "mng"
        return result
      }
      throw Malformed("MNG", "there are too many chunks", at: position)
    }
  }
}
