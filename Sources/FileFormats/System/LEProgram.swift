// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A program of 32-bit OS/2, or a driver of Windows 95. It ends behind the last of its pages, its
/// names and its debugger's tables.
///
/// | Offset | Size | Field        | Unit                                                      |
/// |-------:|-----:|--------------|-----------------------------------------------------------|
/// |   0x00 |    2 | mark         | `LE`, `LX`                                                |
/// |   0x10 |    4 | flags        | 0x8000 for a library                                      |
/// |   0x14 |    4 | pages        | count                                                     |
/// |   0x28 |    4 | page         | bytes                                                     |
/// |   0x2C |    4 | last page    | LE: bytes; LX: shift of the pages' places                 |
/// |   0x30 |    8 | fixups       | bytes, checksum                                           |
/// |   0x38 |    8 | loader       | bytes, checksum; from the table of objects on             |
/// |   0x40 |    4 | objects      | offset from here                                          |
/// |   0x48 |    4 | page table   | offset from here                                          |
/// |   0x68 |    4 | fixups       | offset from here                                          |
/// |   0x80 |    4 | data         | offset in the file                                        |
/// |   0x88 |    8 | names        | offset in the file, bytes                                 |
/// |   0x98 |    8 | debugger's   | offset in the file, bytes                                 |
///
/// - Source: IBM, *OS/2 2.0 Technical Library*, "32-bit Linear eXecutable Module Format (LX)".
struct LEProgram {
  private static let mostPages: UInt32 = 0x10_0000
  private let file: Source
  private let start: ByteOffset
  private var end: ByteOffset

  init(_ file: Source, at start: ByteOffset) {
    self.file = file
    self.start = start
    end = start.advancedClamped(by: 0xB0)
  }

  mutating func examination() throws -> Examination {
    let header = try file.read(at: start, count: 0xB0)
    let isOld = header.holds(Array("LE".utf8), at: 0)
    let pages = try header.little(UInt32.self, at: 0x14)
    let size = try header.little(UInt32.self, at: 0x28)
    guard try header.little(UInt16.self, at: 2) == 0, pages <= Self.mostPages,
      size.nonzeroBitCount == 1, size <= 0x1_0000
    else { throw Malformed("LE", "a header that cannot be", at: start) }
    try take(
      start + ByteCount(number(header, 0x40)), ByteCount(number(header, 0x38)))
    try take(start + ByteCount(number(header, 0x68)), ByteCount(number(header, 0x30)))
    let table = try start + ByteCount(number(header, 0x48))
    let data = ByteOffset(try number(header, 0x80))
    if isOld {
      if pages > 0 {
        let rest = try number(header, 0x2C)
        try take(
          data, ByteCount(UInt64(pages - 1) * UInt64(size) + (rest == 0 ? UInt64(size) : rest)))
      }
    } else {
      try takePages(at: table, pages, data, shift: number(header, 0x2C), size: UInt64(size))
    }
    try take(ByteOffset(number(header, 0x88)), ByteCount(number(header, 0x8C)))
    try takeDebugger(header)
    guard end <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole(
      "exe", isOld ? "LE" : "LX", end: end, and: [.payloadUnchecked])
    let name = ByteOffset(try number(header, 0x88))
    let text = try file.readPrefix(at: name, count: 256)
    if let count = text.first, try number(header, 0x8C) > 1 {
      result.name = ContentText.text(text.dropFirst().prefix(Int(count)))
    }
    result.type = isOld ? "vxd" : try number(header, 0x10) & 0x8000 != 0 ? "dll" : "exe"
    return result
  }

  private func number(_ header: [UInt8], _ offset: Int) throws(Truncated) -> UInt64 {
    UInt64(try header.little(UInt32.self, at: offset))
  }

  private mutating func take(_ place: ByteOffset, _ size: ByteCount) throws {
    if size > 0 { end = max(end, try place + size) }
  }

  /// Each page: its place behind `data`, its size and a kind: 0 and 5 are in the file there.
  private mutating func takePages(
    at table: ByteOffset, _ pages: UInt32, _ data: ByteOffset, shift: UInt64, size: UInt64
  ) throws {
    guard shift <= 16 else { throw Malformed("LX", "a shift that cannot be", at: start) }
    let bytes = try file.read(at: table, count: ByteCount(UInt64(pages) * 8))
    for index in stride(from: 0, to: bytes.count, by: 8) {
      let kind = try bytes.little(UInt16.self, at: index + 6)
      let length = UInt64(try bytes.little(UInt16.self, at: index + 4))
      guard kind == 0 || kind == 5, length <= size else { continue }
      let place = UInt64(try bytes.little(UInt32.self, at: index)) << shift
      try take(data + ByteCount(place), ByteCount(length))
    }
  }

  private mutating func takeDebugger(_ header: [UInt8]) throws {
    let place = ByteOffset(try number(header, 0x98))
    let size = ByteCount(try number(header, 0x9C))
    guard size > 0, place >= end, place <= end.advancedClamped(by: 0x1000) else { return }
    try take(place, size)
  }
}
