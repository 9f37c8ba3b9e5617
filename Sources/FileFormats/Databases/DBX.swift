// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Outlook Express's folders: a header that counts the bytes in use, and trees and segments of
  /// messages, each of which begins with its own offset.
  ///
  ///     0  CF AD 12 FE   4  C5: messages, C6: folders, C7: numbers of mails, 30: work offline
  ///     8  66 E3 D1 11 9A 4E 00 C0 4F A3 09 D4   124  u32 bytes in use   196  u32 items
  ///     228  u32 root of the tree
  ///
  /// - Source: A. Schloh, *OE dbx file format*, "file header"; S. Craythorn, *File format for
  ///   Outlook Express 5.0 DBX files*.
  package static let dbx = FileFormat(
    id: "dbx", name: "Outlook Express folder", category: .mail, validation: .reasoning,
    signatures: [Signature([0xCF, 0xAD, 0x12, 0xFE])], maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      bytes.holds([0x66, 0xE3, 0xD1, 0x11, 0x9A, 0x4E, 0, 0xC0, 0x4F, 0xA3, 9, 0xD4], at: 8)
    }
  ) { file in
    try Examination.walk("dbx", file) {
      let header = try file.read(at: 0, count: 0x24BC)
      let end = ByteOffset(UInt64(try header.little(UInt32.self, at: 124)))
      guard end >= 0x24BC else { throw Malformed("DBX", "its size is none", at: 124) }
      guard end <= file.range.upperBound else { throw Truncated() }
      let root = UInt64(try header.little(UInt32.self, at: 228))
      if root > 0 {
        guard try root < end.rawValue && file.little(UInt32.self, at: ByteOffset(root)) == root
        else { throw Malformed("DBX", "its tree does not begin where it should", at: 228) }
      }
      return Examination.whole("dbx", "DBX", end: end, and: [.endReasoned, .payloadUnchecked])
    }
  }
}
