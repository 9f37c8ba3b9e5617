// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import SignatureScan

extension FileFormat {
  /// ACE: blocks, each with the checksum of its header. Nothing marks the last one.
  ///
  ///     0  u16 checksum: low half of the CRC-32, not inverted, from byte 4 on   2  u16 size from there
  ///     4  u8 type (0 archive, 1 file)   5  u16 flags   7  u32 size of what follows (flag 0)
  ///     of the archive: 7 "**ACE**"
  ///
  /// - Source: M. Lemke, *technical information of the archiver ACE* v1.2.
  package static let ace = FileFormat(
    id: "ace", name: "ACE archive", category: .archive, validation: .structure,
    signatures: [Signature("**ACE**", at: 7)], maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      guard let size = try? bytes.little(UInt16.self, at: 2), (27...1024).contains(size) else {
        return false
      }
      guard let header = try? bytes.copy(at: 4, count: Int(size)) else { return true }
      var crc = CRC32(.iso)
      crc.update(header)
      return bytes.holds([0], at: 4)
        && (try? bytes.little(UInt16.self, at: 0))
          == UInt16(truncatingIfNeeded: crc.register)
    }
  ) { file in
    try Examination.walk("ace", file) {
      var window = Window(file, span: 4096)
      var position: ByteOffset = 0
      while let header = try aceHeader(&window, at: position) {
        let more = try header.little(UInt16.self, at: 1) & 1 != 0 && position > 0
        let size = more ? try header.little(UInt32.self, at: 3) : 0
        let behind = try position + 4 + ByteCount(clamping: header.count)
        let end = try behind + ByteCount(UInt64(size))
        guard end <= file.range.upperBound else { throw Truncated() }
        position = end
      }
      guard position > 64 else { throw Malformed("ACE", "it holds nothing", at: position) }
      return .whole("ace", "ACE", end: position, and: [.payloadUnchecked, .endReasoned])
    }
  }

  /// The header at `position`, behind its checksum and size; nil where none stands.
  private static func aceHeader(
    _ window: inout Window, at position: ByteOffset
  ) throws -> [UInt8]? {
    do {
      let size = Int(try window.little(UInt16.self, at: position + 2))
      guard size >= 7 else { return nil }
      let header = try window.copy(at: position + 4, count: size)
      var crc = CRC32(.iso)
      crc.update(header)
      let stated = try window.little(UInt16.self, at: position)
      return stated == UInt16(truncatingIfNeeded: crc.register) ? header : nil
    } catch is Truncated {
      return nil
    }
  }
}
