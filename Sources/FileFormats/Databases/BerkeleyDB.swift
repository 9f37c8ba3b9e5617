// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Berkeley DB: pages of one size, each with its number; the first names the last.
  ///
  ///     8  u32 page, 0   12  u32 53162: tree, 61561: hash   16  u32 version   20  u32 page size
  ///     25  u8 type, 9: tree, 8: hash   32  u32 last page; each page: 8  u32 its number
  ///
  /// - Source: Oracle Berkeley DB, `dbinc/db_page.h`.
  package static let berkeleyDB = FileFormat(
    id: "bdb", name: "Berkeley DB", category: .database, extensions: ["bdb", "db"],
    validation: .structure,
    signatures: [
      Signature([0, 0, 0, 0, 0x62, 0x31, 5, 0], at: 8),
      Signature([0, 0, 0, 0, 0x61, 0x15, 6, 0], at: 8),
      Signature([0, 0, 0, 0, 0, 5, 0x31, 0x62], at: 8),
      Signature([0, 0, 0, 0, 0, 6, 0x15, 0x61], at: 8),
    ],
    maximumSize: 0x100_0000_0000,
    resembles: { bytes in
      guard let type = try? bytes.little(UInt8.self, at: 25),
        let words = try? bytes.copy(at: 16, count: 8)
      else { return false }
      let version = words.prefix(4).reduce(0, &+)
      return (type == 8 || type == 9) && (6...10).contains(version)
    }
  ) { file in
    try Examination.walk("bdb", file) {
      let header = try file.read(at: 0, count: 72)
      let isBig = header[12] == 0
      func word(_ bytes: [UInt8], _ at: Int) throws -> UInt64 {
        UInt64(isBig ? try bytes.big(UInt32.self, at: at) : try bytes.little(UInt32.self, at: at))
      }
      let pageSize = try word(header, 20)
      let last = try word(header, 32)
      guard (512...65_536).contains(pageSize), pageSize.nonzeroBitCount == 1, header[24] == 0 else {
        throw Malformed("Berkeley DB", "its page size is none", at: 20)
      }
      var blank = 0
      for page in 1..<(last + 1) {
        let start = ByteOffset(page * pageSize)
        guard start.advancedClamped(by: ByteCount(pageSize)) <= file.range.upperBound else {
          throw Truncated()
        }
        let head = try file.read(at: start, count: 26)
        // A page that was set aside and never written.
        let isEmpty = head.allSatisfy { $0 == 0 }
        blank = isEmpty ? blank + 1 : 0
        guard try isEmpty && blank < 0x10_0000 || (word(head, 8) == page && head[25] <= 16) else {
          throw Malformed("Berkeley DB", "page \(page) is none", at: start)
        }
      }
      return Examination.whole(
        "bdb", "Berkeley DB", end: ByteOffset((last + 1) * pageSize),
        and: pageSize > 4096 ? [.payloadUnchecked] : [])
    }
  }
}
