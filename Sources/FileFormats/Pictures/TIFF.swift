// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// TIFF pictures, also BigTIFF, and the raw files of cameras that are TIFF inside. They end behind
  /// whatever lies last of what their directories name.
  ///
  /// - Source: Adobe, *TIFF Revision 6.0*; Adobe, *Digital Negative Specification 1.7*.
  package static let tiff = FileFormat(
    id: "tif", name: "TIFF picture", category: .photo,
    extensions: [
      "tif", "tiff", "dng", "nef", "nrw", "cr2", "arw", "pef", "orf", "rw2", "rwl", "srw", "erf",
      "3fr", "mef", "dcr", "kdc",
    ],
    validation: .structure,
    signatures: [
      Signature([0x49, 0x49, 0x2A, 0x00]), Signature([0x4D, 0x4D, 0x00, 0x2A]),
      Signature([0x49, 0x49, 0x2B, 0x00, 0x08, 0x00]),
      Signature([0x4D, 0x4D, 0x00, 0x2B, 0x00, 0x08]),
      Signature([0x49, 0x49, 0x52, 0x4F]), Signature([0x49, 0x49, 0x52, 0x53]),
      Signature([0x4D, 0x4D, 0x4F, 0x52]), Signature([0x49, 0x49, 0x55, 0x00, 0x18, 0x00]),
      Signature([0x49, 0x49, 0x55, 0x00, 0x08, 0x00]),
    ],
    maximumSize: 0x1_0000_0000,
    resembles: TIFFWalk.resembles
  ) { file in
    try Examination.walk("tif", file) {
      var walk = try TIFFWalk(file)
      return try walk.examination()
    }
  }
}
