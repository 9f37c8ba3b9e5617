// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

/// A page of an Ogg file, its checksum compared.
///
/// | Offset | Size | Field    | Unit                                                |
/// |-------:|-----:|----------|-----------------------------------------------------|
/// |   0x00 |    4 | mark     | `OggS`                                              |
/// |   0x04 |    1 | version  | 0                                                   |
/// |   0x05 |    1 | flags    | 1 goes on, 2 first page, 4 last page of its stream  |
/// |   0x0E |    4 | serial   | number of the stream                                |
/// |   0x12 |    4 | number   | of the page in its stream                           |
/// |   0x16 |    4 | checksum | CRC-32 over the page with zeros here                |
/// |   0x1A |    1 | segments | a byte of length for each follows, then the content |
///
/// - Source: RFC 3533, *The Ogg Encapsulation Format Version 0*, §6.
struct OggPage {
  let serial: UInt32
  let number: UInt32
  let isFirst: Bool
  let isLast: Bool
  let content: ByteOffset
  let end: ByteOffset

  /// Nil where no page starts; throws `Malformed` where one is damaged.
  init?(in file: Source, at start: ByteOffset) throws {
    let head = try file.readPrefix(at: start, count: 27 + 255)
    guard head.holds(Array("OggS".utf8) + [0], at: 0) else { return nil }
    let flags: UInt8 = try head.little(at: 5)
    let segments = try Int(head.little(UInt8.self, at: 26))
    let lengths = try head.copy(at: 27, count: segments)
    guard flags < 8 else { throw Malformed("Ogg", "a page with unknown flags", at: start) }
    isFirst = flags & 2 != 0
    isLast = flags & 4 != 0
    serial = try head.little(at: 14)
    number = try head.little(at: 18)
    content = try start + ByteCount(clamping: 27 + segments)
    end = try content + ByteCount(clamping: lengths.reduce(0) { $0 + Int($1) })
    var crc = ForwardCRC(.ogg)
    crc.update(try head.copy(at: 0, count: 22) + [0, 0, 0, 0])
    try file.withBytes(in: (try start + 26)..<end) { crc.update($0) }
    guard try head.little(at: 22) == crc.value else {
      throw Malformed("Ogg", "the checksum of a page is wrong", at: start)
    }
  }

  /// What it carries, at most so much of it.
  func payload(in file: Source, longest: ByteCount) throws -> [UInt8] {
    try file.read(at: content, count: min((content..<end).length, longest))
  }
}
