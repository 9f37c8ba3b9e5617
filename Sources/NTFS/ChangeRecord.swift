// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// An entry of the change journal, `$Extend\$UsnJrnl:$J`: what a file was called when something was
/// done to it.
///
///     0x00  u32  length of the entry   0x04  u16  version: 2; 3 has references of 16 bytes
///     version 2:                       version 3:
///     0x08  u64  file                  0x08  u64  file
///     0x10  u64  folder                0x18  u64  folder
///     0x18  u64  place in the journal  0x28  u64  place in the journal
///     0x20  u64  when                  0x30
///     0x34  u32  attributes; 0x10: a folder   0x44
///     0x38  u16  bytes of the name     0x48
///     0x3A  u16  its offset            0x4A
///
/// No entry reaches over the end of a page of 4 KiB.
///
/// - Source: Microsoft, *winioctl.h*, `USN_RECORD_V2` and `USN_RECORD_V3`.
struct ChangeRecord: Sendable {
  static let pageSize: ByteCount = 0x1000

  let file: FileReference
  let name: FileName
  /// Rises with each change.
  let place: UInt64
  let moment: Timestamp?

  /// The entries of a page, in order.
  static func all(in page: [UInt8]) -> [ChangeRecord] {
    var result: [ChangeRecord] = []
    var at = 0
    while let (record, length) = record(in: page, at: at) {
      result.append(record)
      at += length
    }
    return result
  }

  private static func record(in page: [UInt8], at offset: Int) -> (ChangeRecord, Int)? {
    guard let length = try? page.little(UInt32.self, at: offset), length % 8 == 0,
      let version = try? page.little(UInt16.self, at: offset + 4), (2...3).contains(version),
      let bytes = try? page.copy(at: offset, count: Int(clamping: length))
    else { return nil }
    let wide = version == 3
    guard let file = try? bytes.little(UInt64.self, at: 8),
      let parent = try? bytes.little(UInt64.self, at: wide ? 0x18 : 0x10),
      let place = try? bytes.little(UInt64.self, at: wide ? 0x28 : 0x18),
      let flags = try? bytes.little(UInt32.self, at: wide ? 0x44 : 0x34),
      let count = try? bytes.little(UInt16.self, at: wide ? 0x48 : 0x38), count > 0,
      count % 2 == 0, count <= 510,
      let start = try? bytes.little(UInt16.self, at: wide ? 0x4A : 0x3A),
      Int(start) == (wide ? 0x4C : 0x3C),
      let name = try? bytes.copy(at: Int(start), count: Int(count))
    else { return nil }
    let record = ChangeRecord(
      file: FileReference(file),
      name: FileName(
        parent: FileReference(parent), times: Times(), size: 0, isFolder: flags & 0x10 != 0,
        isShort: false, name: RawUTF16(name).name),
      place: place, moment: Times(fileTimes: bytes, at: wide ? 0x30 : 0x20).created)
    return (record, bytes.count)
  }
}
