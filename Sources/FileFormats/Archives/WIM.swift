// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Windows images, of which Windows is installed: a header that says where the table of
  /// resources, the description in XML and the table of checksums stand, the last of them at the
  /// end.
  ///
  ///     0  "MSWIM\0\0\0"   8  u32 208   12  u32 version   40  u16 part   42  u16 parts
  ///     48, 72, 124  resources: u56 size, u8 flags, u64 offset, u64 plain size: table, XML,
  ///     checksums
  ///     entry of the table, 50 bytes: a resource, u16 part, u32 uses, SHA-1
  ///
  /// - Source: Microsoft, *Windows Imaging File Format (WIM)*; wimlib, `include/wimlib/header.h`.
  package static let wim = FileFormat(
    id: "wim", name: "Windows image", category: .archive, extensions: ["wim", "esd", "swm"],
    validation: .size,
    signatures: [Signature([0x4D, 0x53, 0x57, 0x49, 0x4D, 0, 0, 0])], maximumSize: 0x10_0000_0000,
    resembles: { bytes in bytes.holds([208, 0, 0, 0], at: 8) }
  ) { file in
    try Examination.walk("wim", file) { try WIMWalk(file).examination() }
  }
}

private struct WIMWalk {
  private static let longestTable: UInt64 = 0x400_0000
  private static let isCompressed: UInt8 = 4

  private let file: Source
  private let header: [UInt8]

  init(_ file: Source) throws {
    self.file = file
    header = try file.read(at: 0, count: 208)
  }

  func examination() throws -> Examination {
    let table = try resource(header, at: 48)
    let description = try resource(header, at: 72)
    let checksums = try resource(header, at: 124)
    guard table.count >= 208, description.count > 208 else {
      throw Malformed("WIM", "it has no table", at: 48)
    }
    let end = max(table.end, description.end, checksums.end)
    guard end <= file.range.upperBound else { throw Truncated() }
    if header[48 + 7] & Self.isCompressed == 0 { try check(table, end) }
    let xml = try file.read(
      at: description.start, count: min((description.start..<description.end).length, 0x1_0000))
    guard xml.holds([0xFF, 0xFE, 0x3C, 0], at: 0) else {
      throw Malformed("WIM", "its description is none", at: description.start)
    }
    var result = Examination.whole("wim", "WIM", end: end, and: [.payloadUnchecked])
    result.name = Self.name(in: xml)
    let isSplit = try header.little(UInt16.self, at: 42) > 1
    result.type = try isSplit ? "swm" : header.little(UInt32.self, at: 12) == 0xE00 ? "esd" : "wim"
    return result
  }

  private typealias Resource = (start: ByteOffset, end: ByteOffset, count: UInt64)

  private func resource(_ bytes: [UInt8], at offset: Int) throws -> Resource {
    let size = try bytes.little(UInt64.self, at: offset) & 0xFF_FFFF_FFFF_FFFF
    let start = ByteOffset(try bytes.little(UInt64.self, at: offset + 8))
    return (start, try start + ByteCount(size), size == 0 ? 0 : start.rawValue)
  }

  /// Whether what the table names lies inside the file.
  private func check(_ table: Resource, _ end: ByteOffset) throws {
    let size = min((table.start..<table.end).length, ByteCount(Self.longestTable))
    let part = try header.little(UInt16.self, at: 40)
    var at = table.start
    let stop = try table.start + ByteCount(size.rawValue / 50 * 50)
    while at < stop {
      let next = min(stop, at.advancedClamped(by: 50_000))
      let entries = try file.read(at: at, count: (at..<next).length)
      for entry in stride(from: 0, to: entries.count, by: 50) {
        // Members of a solid resource have no offset in the file; resources elsewhere neither.
        guard entries[entry + 7] & 0x10 == 0,
          try entries.little(UInt16.self, at: entry + 24) == part
        else { continue }
        guard try resource(entries, at: entry).end <= end else {
          throw Malformed("WIM", "a resource lies outside", at: at)
        }
      }
      at = next
    }
  }

  /// The name of the first image, from `<NAME>…</NAME>` in UTF-16.
  private static func name(in xml: [UInt8]) -> String? {
    let units = stride(from: 0, to: xml.count - 1, by: 2).map {
      UInt16(xml[$0]) | UInt16(xml[$0 + 1]) << 8
    }
    let text = String(decoding: units, as: UTF16.self)
    guard let range = text.firstRange(of: "<NAME>") else { return nil }
    return ContentText.trimmed(String(text[range.upperBound...].prefix(200).prefix { $0 != "<" }))
  }
}
