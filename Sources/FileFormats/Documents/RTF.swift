// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Rich Text Format: groups in braces, control words, text; the file ends with its first group.
  ///
  /// - Source: Microsoft, *Rich Text Format (RTF) Specification*, version 1.9.1.
  package static let rtf = FileFormat(
    id: "rtf", name: "RTF document", category: .document, validation: .grammar,
    signatures: [.text("{\\rtf"), .text("{\\urtf")], maximumSize: 0x8000_0000,
    resembles: { FileFormat.head($0, keepsTo: examineRTF) }, examine: examineRTF)

  private static func examineRTF(_ file: Source) throws -> Examination {
    try Examination.walk("rtf", file) {
      var walk = RTFWalk(file)
      return try walk.examination()
    }
  }
}
