// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import SignatureScan

extension FileFormat {
  /// Outlook's mail stores: a header that states the size, B-trees of nodes and blocks, and a
  /// checksum in each page and block.
  ///
  /// - Source: Microsoft, *[MS-PST] Outlook Personal Folders (.pst) File Format*, §2.2.2 "NDB
  ///   Layer".
  package static let pst = FileFormat(
    id: "pst", name: "Outlook mail store", category: .mail, extensions: ["pst", "ost", "pab"],
    validation: .checksums,
    signatures: [Signature("!BDN")], maximumSize: 0x1000_0000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: 12), head[11] == 0,
        head[8] == 0x53 || head[8] == 0x41
      else { return false }
      return [14, 15, 19, 20, 21, 23, 36].contains(head[10])
    }
  ) { file in
    try Examination.walk("pst", file) {
      var walk = try PSTWalk(file)
      return try walk.examination()
    }
  }
}
