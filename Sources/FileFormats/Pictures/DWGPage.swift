// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A page of a drawing of AutoCAD 2004 or later: of data, under a mask, or one of the two that list
/// the others.
///
/// | Offset | Size | Field    | Unit: data, all under a mask       | lists                    |
/// |-------:|-----:|----------|------------------------------------|--------------------------|
/// |   0x00 |    4 | kind     | 0x4163043B                         | 0x41630E3B, 0x4163003B   |
/// |   0x04 |    4 |          | number of its section              | bytes when unpacked      |
/// |   0x08 |    4 |          | bytes of data                      | bytes of data            |
/// |   0x0C |    4 |          | bytes of the page                  | 2: packed                |
/// |   0x10 |    4 |          | place in its section               | checksum of both         |
/// |   0x18 |    8 |          | checksums of this header, of data  | data, from 0x14 on       |
///
/// - Source: Open Design Alliance, *Open Design Specification for .dwg files 5.4.1*, §4.2, §4.6.
struct DWGPage {
  private static let data: UInt32 = 0x4163_043B
  private static let lists: Set<UInt32> = [0x4163_0E3B, 0x4163_003B]
  private static let mask: UInt32 = 0x4164_536B
  private static let longest: UInt32 = 0x100_0000

  private let start: ByteOffset
  /// The header, without its mask.
  private let header: [UInt8]
  let content: Range<ByteOffset>

  /// Throws `Malformed` where no page starts.
  init(_ file: Source, at start: ByteOffset) throws {
    self.start = start
    let bytes = try file.read(at: start, count: 32)
    let mask = Self.mask ^ UInt32(truncatingIfNeeded: start.rawValue)
    let kind = try bytes.little(UInt32.self, at: 0)
    let size = try bytes.little(UInt32.self, at: 8)
    if kind ^ mask == Self.data, size ^ mask <= Self.longest {
      header = bytes.enumerated().map { index, byte in
        byte ^ UInt8(truncatingIfNeeded: mask >> (8 * UInt32(index % 4)))
      }
      content = try Range(at: start + 32, count: ByteCount(UInt64(size ^ mask)))
    } else if Self.lists.contains(kind), size <= Self.longest {
      header = Array(bytes.prefix(20))
      content = try Range(at: start + 20, count: ByteCount(UInt64(size)))
    } else {
      throw Malformed("DWG", "no page starts here", at: start)
    }
  }

  /// Throws `Malformed` where a checksum is wrong.
  func check(in file: Source) throws {
    let isList = header.count == 20
    let bytes = try file.read(at: content.lowerBound, count: content.length)
    let field = isList ? 0x10 : 0x18
    let plain = header.prefix(field) + [0, 0, 0, 0] + header.dropFirst(field + 4)
    let sum =
      isList
      ? Self.checksum(bytes, from: Self.checksum(plain, from: 0))
      : Self.checksum(plain, from: Self.checksum(bytes, from: 0))
    let ofData = try isList ? 0 : Self.checksum(bytes, from: 0) ^ header.little(at: 0x1C)
    guard try sum == header.little(UInt32.self, at: field), ofData == 0 else {
      throw Malformed("DWG", "the checksum of a page is wrong", at: start)
    }
  }

  /// The data of a page that lists others, checked and unpacked.
  func unpacked(in file: Source) throws -> [UInt8] {
    try check(in: file)
    let bytes = try file.read(at: content.lowerBound, count: content.length)
    guard header.count == 20, try header.little(UInt32.self, at: 0x0C) == 2 else { return bytes }
    let size = min(try header.little(UInt32.self, at: 4), Self.longest)
    return try DWGUnpacking.unpack2004(bytes, atMost: Int(size))
  }

  /// Adler's checksum, but for its start.
  private static func checksum(_ bytes: some Collection<UInt8>, from seed: UInt32) -> UInt32 {
    var low = seed & 0xFFFF
    var high = seed >> 16
    var left = 0x15B0
    for byte in bytes {
      low &+= UInt32(byte)
      high &+= low
      left -= 1
      if left == 0 {
        low %= 0xFFF1
        high %= 0xFFF1
        left = 0x15B0
      }
    }
    return (high % 0xFFF1) << 16 | low % 0xFFF1
  }
}
