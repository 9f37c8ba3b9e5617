// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// Medical pictures and reports: `DICM` behind 128 free bytes, a group of elements that says how
  /// the rest is written, then elements with rising tags to the end, which nothing marks.
  ///
  /// - Source: DICOM PS3.5, §7 "The Data Set"; PS3.10, §7 "DICOM File Format".
  package static let dicom = FileFormat(
    id: "dcm", name: "DICOM file", category: .photo, extensions: ["dcm", "dicom", "dic"],
    validation: .reasoning,
    signatures: [Signature([0x44, 0x49, 0x43, 0x4D, 2, 0], at: 128)], maximumSize: 0x4_0000_0000,
    resembles: { bytes in
      guard let element = try? bytes.copy(at: 132, count: 8) else { return false }
      return element[2] <= 2 && element[3] == 0
        && [Array("UL".utf8), Array("OB".utf8), Array("UI".utf8)].contains(Array(element[4..<6]))
    }
  ) { file in
    try Examination.walk("dcm", file) {
      var walk = DICOMWalk(file)
      return try walk.examination()
    }
  }
}
