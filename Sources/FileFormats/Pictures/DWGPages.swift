// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings

/// A drawing of AutoCAD 2004 and later, but for 2007: a header under a fixed key, pages with a checksum
/// each, and a copy of the header, which ends the file.
///
/// | Offset | Size | Field    | Unit, in the header at 0x80                                    |
/// |-------:|-----:|----------|----------------------------------------------------------------|
/// |   0x00 |   12 | mark     | `AcFssFcAJMB`, NUL                                             |
/// |   0x34 |    8 | copy     | offset                                                         |
/// |   0x54 |    8 | map      | offset of the page that lists pages, less 0x100                |
/// |   0x68 |    4 | checksum | CRC-32 over the header, itself taken as zero                   |
///
/// - Source: Open Design Alliance, *Open Design Specification for .dwg files 5.4.1*, §4 "R2004 DWG FILE
///   FORMAT ORGANIZATION".
struct DWGPages {
  private static let header: ByteOffset = 0x80
  private static let size = 0x6C
  private static let first: ByteOffset = 0x100
  private static let mark = Array("AcFssFcAJMB\0".utf8)
  private static let mostPages = 0x10_0000

  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    let encoded = try file.read(at: Self.header, count: ByteCount(clamping: Self.size))
    let bytes = zip(encoded, Self.key).map { $0 ^ $1 }
    guard bytes.holds(Self.mark, at: 0), try Self.checksumHolds(bytes) else {
      throw Malformed("DWG", "the checksum of the header is wrong", at: 0)
    }
    let copy = ByteOffset(try bytes.little(UInt64.self, at: 0x34))
    let end = try copy + ByteCount(clamping: Self.size)
    let map = try Self.first + ByteCount(bytes.little(UInt64.self, at: 0x54))
    let checked = try checkPages(map, before: copy)
    guard try file.read(at: copy, count: ByteCount(clamping: Self.size)) == encoded else {
      throw Malformed("DWG", "no copy of the header ends the file", at: copy)
    }
    return .whole("dwg", "DWG", end: end, and: [.checksumsHold(count: checked, kind: "page")])
  }

  /// The bytes that the header is exclusive-ored with, from a generator that C compilers brought.
  private static let key: [UInt8] = {
    var state: UInt32 = 1
    return (0..<size).map { _ in
      state = state &* 0x34_3FD &+ 0x26_9EC3
      return UInt8(truncatingIfNeeded: state >> 16)
    }
  }()

  private static func checksumHolds(_ bytes: [UInt8]) throws(Truncated) -> Bool {
    var crc = CRC32()
    crc.update(Array(bytes.prefix(0x68)) + [0, 0, 0, 0])
    return try crc.value == bytes.little(UInt32.self, at: 0x68)
  }

  /// Checks each page that the map lists, one behind the other, and counts them.
  private func checkPages(_ map: ByteOffset, before end: ByteOffset) throws -> UInt64 {
    let list = try DWGPage(file, at: map).unpacked(in: file)
    var position = Self.first
    var checked: UInt64 = 0
    var index = 0
    while index + 8 <= list.count, checked < UInt64(Self.mostPages) {
      let number = try list.little(Int32.self, at: index)
      let size = ByteCount(UInt64(try list.little(UInt32.self, at: index + 4)))
      // What pages that are gone leave has a negative number, and four more fields.
      index += number < 0 ? 24 : 8
      if number > 0 {
        guard position < end else {
          throw Malformed("DWG", "a page lies behind the end", at: position)
        }
        let page = try DWGPage(file, at: position)
        guard try page.content.upperBound <= position + size else {
          throw Malformed("DWG", "a page is longer than its place", at: position)
        }
        try page.check(in: file)
        checked &+= 1
      }
      position = try position + size
    }
    guard checked > 0 else { throw Malformed("DWG", "a map of no pages", at: map) }
    return checked
  }
}
