// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import SignatureScan

extension FileFormat {
  /// lzop: members, each a header and blocks up to one of size zero.
  ///
  /// The packing method is not ours to undo: without checksums over the packed blocks they stay
  /// unchecked.
  ///
  /// - Source: M. Oberhumer, *lzop* 1.04, `lzop.c` and `conf.h`.
  package static let lzop = FileFormat(
    id: "lzo", name: "lzop archive", category: .archive, extensions: ["lzo", "tzo"],
    validation: .checksums,
    signatures: [Signature(LZOPHeader.mark)], maximumSize: 0x100_0000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: min(bytes.byteCount, 512)) else {
        return false
      }
      return (try? LZOPHeader(head)) != nil
    }
  ) { file in
    try Examination.walk("lzo", file) { try LZOPWalk(file).examination() }
  }
}

/// The header of an lzop member; big-endian.
///
///     0  89 4C 5A 4F 00 0D 0A 1A 0A   9  u16 version   11 u16 library   13 u16 version needed
///     15 u8 method   16 u8 level   17 u32 flags   21 u32 mode   25 u64 time
///     33 u8 name length, name, u32 Adler-32 from byte 9 on
///
/// - Source: M. Oberhumer, *lzop* 1.04, `read_header`.
private struct LZOPHeader {
  static let mark: [UInt8] = [0x89, 0x4C, 0x5A, 0x4F, 0, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let hasExtra: UInt32 = 0x40
  private static let hasFilter: UInt32 = 0x800
  private static let usesCRC: UInt32 = 0x1000

  let flags: UInt32
  let length: Int
  let name: String?
  let date: Timestamp?

  init(_ bytes: [UInt8]) throws {
    let version = try bytes.big(UInt16.self, at: 9)
    // Older ones have other fields; there are none about.
    guard bytes.holds(Self.mark, at: 0), (0x0940...0x2FFF).contains(version) else {
      throw Malformed("lzop", "its header is wrong")
    }
    flags = try bytes.big(UInt32.self, at: 17)
    let filter = flags & Self.hasFilter != 0 ? 4 : 0
    let count = Int(try bytes.little(UInt8.self, at: 33 + filter))
    name = ContentText.text(try bytes.copy(at: 34 + filter, count: count))
    let low = UInt64(try bytes.big(UInt32.self, at: 25 + filter))
    let seconds = UInt64(try bytes.big(UInt32.self, at: 29 + filter)) << 32 | low
    date = seconds == 0 ? nil : Timestamp(seconds: Int64(clamping: seconds))
    length = 38 + filter + count
    let covered = try bytes.copy(at: 9, count: length - 13)
    guard flags & Self.hasExtra == 0,
      try bytes.big(UInt32.self, at: length - 4)
        == Self.sum(covered, isCRC: flags & Self.usesCRC != 0)
    else { throw Malformed("lzop", "the checksum of its header is wrong") }
  }

  static func sum(_ bytes: [UInt8], isCRC: Bool) -> UInt32 {
    if isCRC {
      var crc = CRC32(.iso)
      crc.update(bytes)
      return crc.value
    }
    var adler = Adler32()
    adler.update(bytes)
    return adler.value
  }
}

/// The walk over an lzop file's members and their blocks.
private struct LZOPWalk {
  private enum Flag {
    static let plainAdler: UInt32 = 1
    static let packedAdler: UInt32 = 2
    static let plainCRC: UInt32 = 0x100
    static let packedCRC: UInt32 = 0x200
  }

  private static let mostInBlock: UInt32 = 0x400_0000
  private static let mostInRead: UInt32 = 0x100_0000
  private let file: Source
  private var position: ByteOffset = 0
  private var proof = RARProof()
  private var name: String?
  private var date: Timestamp?

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    var walk = self
    repeat { try walk.takeMember() } while try walk.isAtMember()
    var result = Examination.whole("lzo", "lzop", end: walk.position, and: walk.proof.evidence)
    result.name = walk.name
    result.date = walk.date
    return result
  }

  private func isAtMember() throws -> Bool {
    try position.rawValue % 512 != 0 && file.readPrefix(at: position, count: 9) == LZOPHeader.mark
  }

  private mutating func takeMember() throws {
    let header = try LZOPHeader(file.readPrefix(at: position, count: 512))
    if position == 0 { (name, date) = (header.name, header.date) }
    position = try position + ByteCount(clamping: header.length)
    while try takeBlock(header.flags) {}
  }

  /// Blocks: u32 size, u32 packed size (the same: stored), checksums of the data, then, where it is
  /// packed, of the packed data, as flagged. False for the size of zero that ends them.
  private mutating func takeBlock(_ flags: UInt32) throws -> Bool {
    let size = try file.big(UInt32.self, at: position)
    if size == 0 {
      position = try position + 4
      return false
    }
    let packed = try file.big(UInt32.self, at: position + 4)
    guard size <= Self.mostInBlock, packed > 0, packed <= size else {
      throw Malformed("lzop", "no block starts here", at: position)
    }
    var at = try position + 8
    var sums: [(isCRC: Bool, value: UInt32)] = []
    let isStored = packed == size
    for (flag, isCRC) in [(Flag.plainAdler, false), (Flag.plainCRC, true)] where flags & flag != 0 {
      if isStored { sums.append((isCRC, try file.big(UInt32.self, at: at))) }
      at = try at + 4
    }
    for (flag, isCRC) in [(Flag.packedAdler, false), (Flag.packedCRC, true)]
    where flags & flag != 0 && !isStored {
      sums.append((isCRC, try file.big(UInt32.self, at: at)))
      at = try at + 4
    }
    let end = try at + ByteCount(UInt64(packed))
    guard end <= file.range.upperBound else { throw Truncated() }
    if packed <= Self.mostInRead, !sums.isEmpty {
      let data = try file.read(at: at, count: ByteCount(UInt64(packed)))
      for sum in sums where LZOPHeader.sum(data, isCRC: sum.isCRC) != sum.value {
        throw Malformed("lzop", "the checksum of a block is wrong", at: position)
      }
    }
    proof.count(isProven: packed <= Self.mostInRead && !sums.isEmpty)
    position = end
    return true
  }
}
