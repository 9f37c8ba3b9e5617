// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// lzip: members end to end, each LZMA with an end mark, then a CRC-32 and both sizes.
  ///
  ///     0  "LZIP", 1   5  u8 window: power of two (0-4), sixteenths less (5-7)   6  LZMA
  ///     behind it: u32 CRC-32   u64 size   u64 size of the member
  ///
  /// - Source: A. Diaz Diaz, *Lzip manual*, "File format".
  package static let lzip = FileFormat(
    id: "lz", name: "lzip archive", category: .archive, extensions: ["lz", "tlz"],
    validation: .checksums,
    signatures: [Signature("LZIP\u{1}")], maximumSize: 0x100_0000_0000,
    resembles: { bytes in
      guard let window = try? bytes.little(UInt8.self, at: 5) else { return false }
      return LZIP.window(window) != nil && bytes.holds([0], at: 6)
    }
  ) { file in
    try Examination.walk("lz", file) {
      try PackedStreams(id: "lz", name: "lzip", checksum: "CRC-32").examination(of: file) {
        try LZIP.part(of: file, at: $0)
      }
    }
  }

  /// A .lzma file: 13 bytes, then LZMA. Its header says little, so all of it must decompress.
  ///
  ///     0  u8 properties: 5D   1  u32 window   5  u64 size, or FF… where an end mark follows
  ///
  /// - Source: I. Pavlov, *LZMA specification*, "lzma file format".
  package static let lzma = FileFormat(
    id: "lzma", name: "LZMA archive", category: .archive, validation: .decoding,
    signatures: [Signature([0x5D, 0, 0], alignment: 512)], maximumSize: 0x100_0000_0000,
    resembles: { bytes in
      guard let window = try? bytes.little(UInt32.self, at: 1),
        let size = try? bytes.little(UInt64.self, at: 5)
      else { return false }
      // The coder's first byte is always zero, and its second hardly ever.
      return window.nonzeroBitCount <= 2 && (0x1_0000...0x1000_0000).contains(window)
        && (size == .max || (32...1 << 40).contains(size)) && bytes.holds([0], at: 13)
        && !bytes.holds([0, 0], at: 13)
    }
  ) { file in
    var isFirst = true
    return try PackedStreams(id: "lzma", name: "LZMA", checksum: "", keepsBroken: false)
      .examination(of: file) { position in
        guard isFirst else { return nil }
        isFirst = false
        let decoding = try Decoding.lzma(
          file, from: position, wrapper: .alone, limit: PackedStreams.longest)
        let end = position.advancedClamped(by: decoding.consumed)
        return .stream(decoding, end: end, isChecked: false)
      }
  }
}

/// The members of an lzip file.
private enum LZIP {
  /// The properties byte that every member has: three literal context bits, two position bits.
  private static let properties: UInt8 = 0x5D

  /// The size of the window, 4 KiB to 512 MiB; nil where the byte says another.
  static func window(_ byte: UInt8) -> UInt32? {
    let power = UInt32(byte & 0x1F)
    guard (12...29).contains(power) else { return nil }
    let size = (1 as UInt32) << power
    let less = (size / 16) * UInt32(byte >> 5)
    return size - less >= 4096 ? size - less : nil
  }

  static func part(of file: Source, at position: ByteOffset) throws -> PackedStreams.Part? {
    let head = try file.readPrefix(at: position, count: 6)
    guard head.count == 6, head.holds(Array("LZIP\u{1}".utf8), at: 0),
      let size = window(head[5])
    else { return nil }
    let decoding = try Decoding.lzma(
      file, from: position + 6, wrapper: .lzma(properties: properties, window: size, size: nil),
      sums: true, limit: PackedStreams.longest)
    let end = try position + 6 + decoding.consumed
    guard decoding.end == .complete else { return .stream(decoding, end: end, isChecked: true) }
    let trailer = try file.read(at: end, count: 20)
    guard try trailer.little(UInt32.self, at: 0) == decoding.crc,
      try trailer.little(UInt64.self, at: 4) == decoding.produced,
      try trailer.little(UInt64.self, at: 12) == decoding.consumed.rawValue &+ 26
    else { throw Malformed("lzip", "the checksum of its data is wrong", at: end) }
    return .stream(decoding, end: try end + 20, isChecked: true)
  }
}
