// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

extension FileFormat {
  /// Entries of a directory as text: attributes, a line each, and an empty line behind an entry.
  ///
  /// - Source: RFC 2849, *The LDAP Data Interchange Format (LDIF)*.
  package static let ldif = FileFormat(
    id: "ldif", name: "directory entries", category: .document, validation: .reasoning,
    signatures: [.text("version: 1\n"), .text("version: 1\r\n"), .text("dn: "), .text("dn:: ")],
    maximumSize: 0x4000_0000,
    resembles: { FileFormat.head($0, keepsTo: examineLDIF) }, examine: examineLDIF)

  private static func examineLDIF(_ file: Source) throws -> Examination {
    try LineWalk<LDIFGrammar>.examine(file, "ldif", "LDIF")
  }
}

/// The lines of directory entries.
struct LDIFGrammar: LineGrammar {
  private var entries = 0
  private var isInEntry = false

  var mayEnd: Bool { entries > 0 }

  mutating func read(_ line: [UInt8]) -> LineStep {
    guard let first = line.first else {
      isInEntry = false
      return .goesOn
    }
    if first == 0x20 || first == 0x23 || first == 0x2D && line.count == 1 { return .goesOn }
    guard let colon = line.firstIndex(of: 0x3A), colon > 0 else { return .isForeign }
    let name = line[..<colon]
    guard name.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return .isForeign }
    if !isInEntry {
      let key = String(decoding: name, as: UTF8.self)
      guard key == "dn" || key == "version" && entries == 0 else { return .isForeign }
      if key == "dn" {
        entries += 1
        isInEntry = true
      }
    }
    return .goesOn
  }
}
