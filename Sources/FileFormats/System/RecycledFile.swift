// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// What the Windows recycle bin knows of a file in it: its size, when it went there, and from where.
  ///
  ///     0  u64 version: 2   8  u64 size   16 u64 time   24 u32 characters   28 path, UTF-16, NUL
  ///
  /// - Source: J. Metz, *Windows Recycle.Bin file formats*, "$I file format version 2".
  package static let recycledFile = FileFormat(
    id: "recycled", name: "recycle bin record", category: .system, validation: .structure,
    signatures: [Signature([2, 0, 0, 0, 0, 0, 0, 0], alignment: 512)], maximumSize: 0x1_0000,
    resembles: { bytes in
      guard let length = try? bytes.little(UInt32.self, at: 24), (5...2048).contains(length),
        let time = try? bytes.little(UInt64.self, at: 16),
        let path = try? bytes.copy(at: 28, count: min(2 * Int(length), bytes.byteCount - 28)),
        let size = try? bytes.little(UInt64.self, at: 8)
      else { return false }
      // 1999 to 2100, and a path from a drive or a server on.
      return (0x01BE_0000_0000_0000...0x0232_0000_0000_0000).contains(time) && size < 1 << 44
        && (path.holds([0x3A, 0, 0x5C, 0], at: 2) || path.holds([0x5C, 0, 0x5C, 0], at: 0))
        && stride(from: 0, to: path.count - 3, by: 2).allSatisfy {
          path[$0] != 0 || path[$0 + 1] != 0
        }
    }
  ) { file in
    try Examination.walk("recycled", file) {
      let length = ByteCount(UInt64(try file.little(UInt32.self, at: 24)) * 2)
      guard length <= 0x1000 else { throw Malformed("recycle bin record", "its path is too long") }
      let path = try file.read(at: 28, count: length)
      let last = try path.little(UInt16.self, at: path.count - 2)
      guard last == 0 else { throw Malformed("recycle bin record", "its path does not end") }
      var result = Examination.whole(
        "recycled", "recycle bin record", end: try ByteOffset(28) + length)
      result.name = WindowsText.lastComponent(WindowsText.wide(path))
      result.date = WindowsTime.moment(try file.little(UInt64.self, at: 16))
      return result
    }
  }
}
