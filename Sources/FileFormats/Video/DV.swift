// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Digital video as tapes hold it: frames of ten or twelve sequences, each of 150 blocks of 80
  /// bytes whose heads name their section.
  ///
  /// - Source: IEC 61834-2:1998, §11 "Digital interface"; SMPTE 314M-2005.
  package static let dv = FileFormat(
    id: "dv", name: "DV video", category: .video, extensions: ["dv", "dif"],
    validation: .structure,
    signatures: [0x3F, 0xBF].map { Signature([0x1F, 0x07, 0x00, $0]) },
    maximumSize: 0x20_0000_0000,
    resembles: { bytes in
      // Two blocks of subcode, three of auxiliary data, one of sound.
      [0x3F, 0x3F, 0x5F, 0x5F, 0x5F, 0x7F].enumerated().allSatisfy { index, section in
        let place = 80 * (index + 1)
        guard let first = try? bytes.little(UInt8.self, at: place),
          let second = try? bytes.little(UInt8.self, at: place + 1)
        else { return bytes.byteCount < place + 2 }
        return first >> 5 == UInt8(section) >> 5 && second >> 4 == 0
      }
    }
  ) { file in
    try Examination.walk("dv", file) {
      var walk = DVWalk(file)
      return try walk.examination()
    }
  }
}
