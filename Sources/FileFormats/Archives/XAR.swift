// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// Extensible archive, of which Apple's installer packages are made: a compressed table of
  /// contents in XML, then a heap that holds what the table points to.
  ///
  ///     0  "xar!"   4  u16 header size   6  u16 1
  ///     8  u64 compressed, 16  u64 plain size of the table
  ///
  /// - Source: xar, *xarformat*, "The xar header", "The heap".
  package static let xar = FileFormat(
    id: "xar", name: "xar archive", category: .archive, extensions: ["xar", "pkg", "xip"],
    validation: .size,
    signatures: [Signature("xar!")], maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let size = try? bytes.big(UInt16.self, at: 4),
        let table = try? bytes.big(UInt64.self, at: 8)
      else { return false }
      return (28...128).contains(size) && bytes.holds([0, 1], at: 6) && table < 1 << 32
    }
  ) { file in
    try Examination.walk("xar", file) { try XARWalk(file).examination() }
  }
}

private struct XARWalk {
  private static let longestTable: UInt64 = 0x400_0000
  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    let header = try file.read(at: 0, count: 28)
    let start = ByteOffset(UInt64(try header.big(UInt16.self, at: 4)))
    let heap = try start + ByteCount(try header.big(UInt64.self, at: 8))
    let size = try header.big(UInt64.self, at: 16)
    guard size <= Self.longestTable else {
      throw Malformed("xar", "its table is too long", at: start)
    }
    let table = try Inflation.inflate(
      file, from: start, wrapper: .zlib, collect: Int(clamping: size), limit: size)
    if table.end == .truncated { throw Truncated() }
    guard table.end == .complete, table.produced == size,
      start.advancedClamped(by: table.consumed) == heap
    else { throw Malformed("xar", "its table cannot be decompressed", at: start) }
    var contents = XARContents()
    contents.read(table.output)
    let end = try heap + ByteCount(contents.end)
    guard end <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole("xar", "xar", end: end, and: [.payloadUnchecked])
    result.type = contents.type
    result.date = contents.date
    return result
  }
}

/// What a table of contents says: where the heap ends, and what the archive is.
private struct XARContents {
  private(set) var end: UInt64 = 0
  private(set) var type = "xar"
  private(set) var date: Timestamp?
  private var offset: UInt64?
  private var length: UInt64?
  private var size: UInt64?

  /// Goes through the tags; what stands between them matters only in a few.
  mutating func read(_ bytes: [UInt8]) {
    for part in bytes.split(separator: 0x3C) {
      guard let close = part.firstIndex(of: 0x3E) else { continue }
      let tag = part[..<close].prefix { $0 != 0x20 }
      let value = part[part.index(after: close)...].prefix(64)
      take(String(decoding: tag, as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
  }

  private mutating func take(_ tag: String, _ value: String) {
    switch tag {
    case "data", "ea", "checksum", "signature", "x-signature":
      (offset, length, size) = (nil, nil, nil)
    case "offset": offset = UInt64(value)
    case "length": length = UInt64(value)
    case "size": size = UInt64(value)
    case "/data", "/ea", "/checksum", "/signature", "/x-signature":
      if let offset, let count = length ?? size {
        end = max(end, offset.addingReportingOverflow(count).partialValue)
      }
      (offset, length, size) = (nil, nil, nil)
    case "name":
      if ["PackageInfo", "Distribution"].contains(value) { type = "pkg" }
      if value == "Content", type == "xar" { type = "xip" }
    case "creation-time": date = date ?? EXIF.moment(String(value.prefix(19)))
    default: break
    }
  }
}
