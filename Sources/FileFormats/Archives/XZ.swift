// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// xz: streams of blocks, an index and a footer, with zeros between them where a writer wants to.
  ///
  ///     0  FD 37 7A 58 5A 00   6  u16 flags: 0, kind of checksum   8  u32 CRC-32 of the flags
  ///
  /// - Source: *The .xz File Format* 1.2.1, §2.
  package static let xz = FileFormat(
    id: "xz", name: "xz archive", category: .archive, extensions: ["xz", "txz"],
    validation: .checksums,
    signatures: [Signature(XZStream.mark)], maximumSize: 0x100_0000_0000,
    resembles: { bytes in (try? bytes.copy(at: 0, count: 12)).map(XZStream.isHeader) ?? false }
  ) { file in
    try Examination.walk("xz", file) {
      try PackedStreams(id: "xz", name: "xz", checksum: "CRC or SHA-256").examination(of: file) {
        position in
        let start = try XZStream.start(in: file, from: position)
        guard let start else { return nil }
        // Padding is of the file only where a stream follows.
        if start > position { return .passed(end: start, isChecked: true) }
        let kind = try file.little(UInt8.self, at: start + 7) & 0x0F
        let decoding = try Decoding.lzma(
          file, from: start, wrapper: .xz, limit: PackedStreams.longest)
        return .stream(
          decoding, end: start.advancedClamped(by: decoding.consumed),
          isChecked: XZStream.checks.contains(kind))
      }
    }
  }
}

/// The header of an xz stream.
private enum XZStream {
  static let mark: [UInt8] = [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
  /// CRC-32, CRC-64, SHA-256: the checksums that exist.
  static let checks: Set<UInt8> = [1, 4, 10]
  private static let mostPadding = 0x1_0000

  static func isHeader(_ bytes: [UInt8]) -> Bool {
    guard bytes.holds(mark, at: 0), let flags = try? bytes.copy(at: 6, count: 2), flags[0] == 0,
      flags[1] < 16, let stated = try? bytes.little(UInt32.self, at: 8)
    else { return false }
    var crc = CRC32(.iso)
    crc.update(flags)
    return crc.value == stated
  }

  /// Where the next stream starts: at `position`, or behind zeros, which come in fours. One that begins
  /// a sector is another file's.
  static func start(in file: Source, from position: ByteOffset) throws -> ByteOffset? {
    if isHeader(try file.readPrefix(at: position, count: 12)) { return position }
    guard position > 0 else { return nil }
    let bytes = try file.readPrefix(at: position, count: ByteCount(clamping: mostPadding))
    let zeros = bytes.prefix { $0 == 0 }.count
    let start = position.advancedClamped(by: ByteCount(clamping: zeros))
    guard zeros > 0, zeros % 4 == 0, start.rawValue % 512 != 0,
      isHeader(try file.readPrefix(at: start, count: 12))
    else { return nil }
    return start
  }
}
