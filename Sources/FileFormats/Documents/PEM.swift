// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Keys, certificates and messages in armour: `-----BEGIN …-----`, headers, base 64,
  /// `-----END …-----`; several in a row.
  ///
  /// - Source: RFC 7468, *Textual Encodings of PKIX, PKCS, and CMS Structures*; RFC 1421, §4.4;
  ///   RFC 4880, §6.2 "Forming ASCII Armor".
  package static let pem = FileFormat(
    id: "pem", name: "key or certificate", category: .document,
    extensions: ["pem", "key", "crt", "csr", "crl", "pub", "p7b", "asc"], validation: .decoding,
    signatures: [
      .text("-----BEGIN "), .text("Bag Attributes"), .text("Certificate:\n    Data:"),
    ],
    maximumSize: 0x4000_0000,
    resembles: { FileFormat.head($0, keepsTo: examinePEM) }, examine: examinePEM)

  private static func examinePEM(_ file: Source) throws -> Examination {
    var walk = PEMWalk(file)
    return try Examination.walk("pem", file) { try walk.examination() }
  }
}
