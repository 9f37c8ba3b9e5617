// SPDX-License-Identifier: Apache-2.0

import Bytes

/// One of the two tagged headers of an RPM package.
///
/// | Offset | Size | Field | Unit                                              |
/// |-------:|-----:|-------|---------------------------------------------------|
/// |   0x00 |    4 | magic | 8E AD E8 01                                       |
/// |   0x08 |    4 | count | entries of 16 bytes: tag, type, offset, count     |
/// |   0x0C |    4 | size  | bytes of data behind the entries                  |
///
/// - Source: Linux Standard Base, *Core Specification 5.0*, §22.2.3 "Header Structure".
struct RPMHeader {
  private static let mostEntries: UInt32 = 0x1_0000
  private static let mostData: UInt32 = 0x1000_0000
  private static let longestText = 256

  let end: ByteOffset
  private let file: Source
  private let data: ByteOffset
  private var offsets: [UInt32: UInt32] = [:]

  init(in file: Source, at start: ByteOffset) throws {
    let head = try file.read(at: start, count: 16)
    let count = try head.big(UInt32.self, at: 8)
    let size = try head.big(UInt32.self, at: 12)
    guard head.holds([0x8E, 0xAD, 0xE8, 1], at: 0), count > 0, count <= Self.mostEntries,
      size <= Self.mostData
    else { throw Malformed("RPM", "no header starts here", at: start) }
    self.file = file
    data = try start + 16 + ByteCount(UInt64(count) * 16)
    end = try data + ByteCount(UInt64(size))
    guard end <= file.range.upperBound else { throw Truncated() }
    let entries = try file.read(at: start + 16, count: ByteCount(UInt64(count) * 16))
    for entry in stride(from: 0, to: entries.count, by: 16) {
      let offset = try entries.big(UInt32.self, at: entry + 8)
      guard try entries.big(UInt32.self, at: entry + 4) <= 9, offset <= size else {
        throw Malformed("RPM", "an entry of a header is wrong", at: start)
      }
      offsets[try entries.big(UInt32.self, at: entry)] = offset
    }
  }

  /// The first value of a tag; nil where there is none.
  func number<T: FixedWidthInteger>(_ tag: UInt32, _ type: T.Type) throws -> T? {
    guard let at = try place(of: tag) else { return nil }
    return try file.big(type, at: at)
  }

  func bytes(_ tag: UInt32, count: ByteCount) throws -> [UInt8]? {
    guard let at = try place(of: tag) else { return nil }
    return try file.read(at: at, count: count)
  }

  func text(_ tag: UInt32) throws -> String? {
    guard let at = try place(of: tag) else { return nil }
    return ContentText.text(
      try file.readPrefix(at: at, count: ByteCount(clamping: Self.longestText)))
  }

  private func place(of tag: UInt32) throws -> ByteOffset? {
    guard let offset = offsets[tag] else { return nil }
    return try data + ByteCount(UInt64(offset))
  }
}
