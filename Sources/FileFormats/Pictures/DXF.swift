// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Drawings for exchange with AutoCAD, as text: pairs of lines, a number that says what follows and
  /// a value; 0 and `EOF` are the last.
  ///
  /// - Source: Autodesk, *DXF Reference*, "About Group Codes", "ASCII DXF Files".
  package static let dxf = FileFormat(
    id: "dxf", name: "DXF drawing", category: .photo, validation: .grammar,
    signatures: [
      Signature("  0\r\nSECTION\r\n"), Signature("  0\nSECTION\n"), Signature("0\r\nSECTION\r\n"),
      Signature("0\nSECTION\n"), Signature("999\r\n", alignment: 512),
      Signature("999\n", alignment: 512),
    ],
    maximumSize: 0x4000_0000,
    resembles: { bytes in
      // Behind comments, if there are any.
      guard bytes.holds([0x39], at: 0) else { return true }
      let head = (try? bytes.copy(at: 0, count: min(bytes.byteCount, 512))) ?? []
      var lines = head.split(separator: 0x0A, omittingEmptySubsequences: false)[...]
      while lines.count > 2, DXFWalk.trimmed(lines[lines.startIndex]) == Array("999".utf8) {
        lines = lines.dropFirst(2)
      }
      let isCut = lines.count < 3
      return isCut
        || DXFWalk.trimmed(lines[lines.startIndex]) == [0x30]
          && DXFWalk.trimmed(lines[lines.startIndex + 1]) == Array("SECTION".utf8)
    }
  ) { file in
    var walk = DXFWalk(file)
    return try walk.examination()
  }
}
