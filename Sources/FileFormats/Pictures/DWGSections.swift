// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A drawing of AutoCAD 13 to 2002: sections where the header says, a second header behind them, and
/// as a rule the preview at the end.
///
/// | Offset | Size | Field    | Unit                                                          |
/// |-------:|-----:|----------|---------------------------------------------------------------|
/// |   0x0D |    4 | preview  | offset; 0 where there is none                                 |
/// |   0x15 |    4 | count    | sections                                                      |
/// |   0x19 |  9×n | sections | number, offset, size                                          |
/// |      … |    2 | checksum |                                                               |
/// |      … |   16 | sentinel |                                                               |
///
/// - Source: Open Design Alliance, *Open Design Specification for .dwg files 5.4.1*, §3 "R13-R15 DWG
///   FILE FORMAT ORGANIZATION".
struct DWGSections {
  private static let header: [UInt8] = [
    0x95, 0xA0, 0x4E, 0x28, 0x99, 0x82, 0x1A, 0xE5, 0x5E, 0x41, 0xE0, 0x5F, 0x9D, 0x3A, 0x4D, 0x00,
  ]
  private static let second: [UInt8] = [
    0xD4, 0x7B, 0x21, 0xCE, 0x28, 0x93, 0x9F, 0xBF, 0x53, 0x24, 0x40, 0x09, 0x12, 0x3C, 0xAA, 0x01,
  ]
  private static let preview: [UInt8] = [
    0x1F, 0x25, 0x6D, 0x07, 0xD4, 0x36, 0x28, 0x28, 0x9D, 0x57, 0xCA, 0x3F, 0x9D, 0x44, 0x10, 0x2B,
  ]
  private let file: Source

  init(_ file: Source) { self.file = file }

  /// What closes a part: the sentinel that opened it, inverted.
  private static func closing(_ sentinel: [UInt8]) -> [UInt8] { sentinel.map { ~$0 } }

  func examination() throws -> Examination {
    let head = try file.read(at: 0, count: 0x19)
    let count = try head.little(UInt32.self, at: 0x15)
    guard (3...16).contains(count) else {
      throw Malformed("DWG", "a header of \(count) sections", at: 0)
    }
    let table = try file.read(at: 0x19, count: ByteCount(UInt64(count) * 9))
    var end: ByteOffset = try 0x1B + ByteCount(clamping: table.count)
    guard try file.read(at: end, count: 16) == Self.header else {
      throw Malformed("DWG", "the header does not end where it should", at: 0)
    }
    end = try end + 16
    for index in stride(from: 0, to: table.count, by: 9) {
      let start = ByteOffset(UInt64(try table.little(UInt32.self, at: index + 1)))
      let size = ByteCount(UInt64(try table.little(UInt32.self, at: index + 5)))
      if size > 0 { end = max(end, try start + size) }
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    end = try behindSecond(end)
    let start = ByteOffset(UInt64(try head.little(UInt32.self, at: 0x0D)))
    if start > 0 { end = max(end, try previewEnd(start)) }
    return .whole("dwg", "DWG", end: end, and: [.payloadUnchecked])
  }

  /// Behind the second header, which follows the sections at once, if it is there.
  private func behindSecond(_ end: ByteOffset) throws -> ByteOffset {
    let bytes = try file.readPrefix(at: end, count: 1024)
    guard bytes.holds(Self.second, at: 0),
      let place = bytes.withSpan({ $0.firstIndex(of: Self.closing(Self.second)) })
    else { return end }
    return try end + ByteCount(clamping: place + 16)
  }

  private func previewEnd(_ start: ByteOffset) throws -> ByteOffset {
    guard try file.read(at: start, count: 16) == Self.preview else {
      throw Malformed("DWG", "no preview where it should be", at: start)
    }
    let size = ByteCount(UInt64(try file.little(UInt32.self, at: start + 16)))
    let stop = try start + 20 + size
    guard try file.read(at: stop, count: 16) == Self.closing(Self.preview) else {
      throw Malformed("DWG", "the preview does not end where it should", at: start)
    }
    return try stop + 16
  }
}
