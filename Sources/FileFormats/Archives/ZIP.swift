// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// ZIP archives, and what is packed in them: Office, OpenDocument, EPUB, Java, iWork.
  ///
  /// - Source: PKWARE, *APPNOTE.TXT* 6.3.10, §4.3.
  package static let zip = FileFormat(
    id: "zip", name: "ZIP archive", category: .archive,
    extensions: ZIPKind.types,
    otherCategories: [
      .document: ZIPKind.documents, .system: ZIPKind.programs, .photo: ZIPKind.pictures,
    ],
    validation: .checksums,
    signatures: [Signature([0x50, 0x4B, 3, 4])], maximumSize: 0x40_0000_0000,
    resembles: { bytes in
      guard let version = try? bytes.little(UInt16.self, at: 4),
        let method = try? bytes.little(UInt16.self, at: 8),
        let nameLength = try? bytes.little(UInt16.self, at: 26),
        let first = try? bytes.little(UInt8.self, at: 30)
      else { return false }
      return version & 0xFF <= 63 && ZIPMember.methods.contains(method)
        && (1...1024).contains(nameLength) && first >= 0x20
    },
    checkpoint: { head in ZIPWalk(head).checkpoint }
  ) { file in
    try Examination.walk("zip", file) { try ZIPWalk(file).examination() }
  }
}
