// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// Web Open Font Format: the tables of a font, compressed one by one.
  ///
  /// | Offset | Size | Field    | Unit                                                      |
  /// |-------:|-----:|----------|-----------------------------------------------------------|
  /// |   0x00 |    4 | mark     | `wOFF`                                                    |
  /// |   0x08 |    4 | length   | of the file                                               |
  /// |   0x0C |    2 | count    | tables                                                    |
  /// |   0x0E |    2 |          | zero                                                      |
  /// |   0x18 |   12 | metadata | offset, length, length when decompressed                  |
  /// |   0x24 |    8 | private  | offset, length                                            |
  /// |   0x2C | 20×n | tables   | tag, offset, length, length when decompressed, checksum   |
  ///
  /// - Source: W3C, *WOFF File Format 1.0*, §3 to §7.
  package static let woff = FileFormat(
    id: "woff", name: "Web font", category: .system, validation: .checksums,
    signatures: [Signature("wOFF")], maximumSize: 0x400_0000,
    resembles: { bytes in
      guard let length = try? bytes.big(UInt32.self, at: 8),
        let count = try? bytes.big(UInt16.self, at: 12),
        let zero = try? bytes.big(UInt16.self, at: 14)
      else { return false }
      return zero == 0 && (1...512).contains(count) && length >= 44 + 20 * UInt32(count)
        && length < 0x400_0000
    }
  ) { file in
    try Examination.walk("woff", file) { try WOFFWalk(file).examination() }
  }
}

/// The tables of a web font: each must inflate to what the directory says.
private struct WOFFWalk {
  private static let longest: UInt64 = 0x1000_0000
  private static let name: UInt32 = 0x6E61_6D65
  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    let head = try file.read(at: 0, count: 44)
    let end = ByteOffset(UInt64(try head.big(UInt32.self, at: 8)))
    let count = try head.big(UInt16.self, at: 12)
    let tables = try file.read(at: 44, count: ByteCount(UInt64(count) * 20))
    var last = try ByteOffset(44) + ByteCount(clamping: tables.count)
    var title: String?
    var total: ByteCount = 0
    for index in stride(from: 0, to: tables.count, by: 20) {
      let table = try tables.copy(at: index, count: 20)
      let range = try Range(
        at: ByteOffset(UInt64(table.big(UInt32.self, at: 4))),
        count: ByteCount(UInt64(table.big(UInt32.self, at: 8))))
      total = total.addingClamped(range.length)
      guard range.upperBound <= end, ByteOffset(total) <= end else {
        throw Malformed("WOFF", "a table lies behind the end", at: 0)
      }
      try check(table, range)
      if try table.big(UInt32.self, at: 0) == Self.name { title = try name(table, range) }
      last = max(last, range.upperBound)
    }
    // Metadata, and private data behind them.
    for place in [24, 36] {
      let range = try Range(
        at: ByteOffset(UInt64(head.big(UInt32.self, at: place))),
        count: ByteCount(UInt64(head.big(UInt32.self, at: place + 4))))
      if !range.isEmpty { last = max(last, range.upperBound) }
    }
    guard last <= end, end <= last.advancedClamped(by: 3) else {
      throw Malformed("WOFF", "the length is not that of its parts", at: last)
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    let isPrivate = try head.big(UInt32.self, at: 28) > 0 || head.big(UInt32.self, at: 40) > 0
    var result = Examination.whole(
      "woff", "WOFF", end: end,
      and: isPrivate
        ? [.payloadUnchecked] : [.checksumsHold(count: UInt64(count), kind: "table")])
    result.name = title
    return result
  }

  /// Checks a table: by the checksum in its compressed form, or by its own where it has none.
  private func check(_ table: [UInt8], _ range: Range<ByteOffset>) throws {
    let length = UInt64(try table.big(UInt32.self, at: 12))
    if range.length.rawValue == length {
      let sum = try SFNTDirectory.checksum(
        file, range, isHead: table.big(UInt32.self, at: 0) == SFNTDirectory.head)
      guard try sum == table.big(UInt32.self, at: 16) else {
        throw Malformed("WOFF", "the checksum of a table is wrong", at: range.lowerBound)
      }
      return
    }
    guard range.upperBound <= file.range.upperBound else { throw Truncated() }
    let inflated = try Inflation.inflate(
      file.slice(range), from: 0, wrapper: .zlib, limit: min(length, Self.longest))
    guard inflated.end == .complete, inflated.produced == length else {
      throw Malformed("WOFF", "a table does not inflate", at: range.lowerBound)
    }
  }

  private func name(_ table: [UInt8], _ range: Range<ByteOffset>) throws -> String? {
    let length = UInt64(try table.big(UInt32.self, at: 12))
    guard range.length.rawValue != length else { return try SFNTName(file, in: range).text }
    let bytes = try Inflation.inflate(
      file.slice(range), from: 0, wrapper: .zlib, collect: 0x1_0000, limit: length
    ).output
    let source = Source(bytes: bytes)
    return try SFNTName(source, in: source.range).text
  }
}
