// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// ISO media and QuickTime: MP4, MOV, M4A, 3GP, HEIC, AVIF, CR3. The brand tells the type; samples
  /// must lie where the tables say.
  ///
  /// - Source: ISO/IEC 14496-12:2022; Apple, *QuickTime File Format Specification*.
  package static let isoMedia = FileFormat(
    id: "mp4", name: "MP4 or QuickTime video", category: .video,
    extensions: [
      "mp4", "m4v", "mov", "qt", "m4a", "m4b", "3gp", "3g2", "heic", "heif", "hif", "avif", "cr3",
      "f4v",
    ],
    otherCategories: [
      .photo: ["heic", "heif", "hif", "avif", "cr3"], .audio: ["m4a", "m4b"],
    ],
    validation: .structure,
    signatures: ["ftyp", "moov", "mdat", "wide", "pnot", "skip"].map {
      Signature(Array($0.utf8), at: 4, alignment: $0 == "ftyp" ? 1 : 512)
    },
    maximumSize: 0x20_0000_0000,
    resembles: ISOMediaWalk.resembles
  ) { file in
    try Examination.walk("mp4", file) {
      var walk = ISOMediaWalk(file)
      return try walk.examination()
    }
  }
}
