// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Compressed read-only file system, as snaps and live systems have it: the superblock states the
  /// bytes in use, which most writers fill up to a multiple of 4096.
  ///
  ///     0  "hsqs"   8  u32 time   12  u32 block size   22  u16 its logarithm
  ///     28  u16 4   30  u16 0
  ///     40  u64 bytes used   48  u64 offset of the ids, 64 of inodes, 72 of directories
  ///
  /// - Source: Linux, `Documentation/filesystems/squashfs.rst`; `fs/squashfs/squashfs_fs.h`.
  package static let squashFS = FileFormat(
    id: "squashfs", name: "SquashFS image", category: .archive,
    extensions: ["squashfs", "sfs", "snap", "sqsh", "sqfs"], validation: .size,
    signatures: [Signature("hsqs")], maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let size = try? bytes.little(UInt32.self, at: 12),
        let log = try? bytes.little(UInt16.self, at: 22)
      else { return false }
      return (12...20).contains(log) && size == 1 << UInt32(log)
        && bytes.holds([4, 0, 0, 0], at: 28)
    }
  ) { file in
    try Examination.walk("squashfs", file) {
      let block = try file.read(at: 0, count: 96)
      let used = try block.little(UInt64.self, at: 40)
      let tables = try [64, 72, 48].map { try block.little(UInt64.self, at: $0) }
      guard used > 96, tables[0] >= 96, tables[0] <= tables[1], tables[1] <= tables[2],
        tables[2] < used
      else { throw Malformed("SquashFS", "its tables are out of order") }
      guard used <= file.length.rawValue else { throw Truncated() }
      // The table of ids is the last, or the last but one: its pointers lead to what precedes it.
      let ids = try file.little(UInt64.self, at: ByteOffset(tables[2]))
      guard ids >= tables[1], ids < tables[2] else {
        throw Malformed("SquashFS", "its table of owners is none", at: ByteOffset(tables[2]))
      }
      let filled = (used &+ 4095) & ~4095
      let rest = try file.readPrefix(at: ByteOffset(used), count: ByteCount(filled &- used))
      let isFilled = rest.count == Int(clamping: filled &- used) && rest.allSatisfy { $0 == 0 }
      var result = Examination.whole(
        "squashfs", "SquashFS", end: ByteOffset(isFilled ? filled : used), and: [.payloadUnchecked])
      let time = try block.little(UInt32.self, at: 8)
      if time > 0 { result.date = Timestamp(seconds: Int64(time)) }
      return result
    }
  }
}
