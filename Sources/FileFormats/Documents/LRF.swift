// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// Sony's e-books: a header, objects, and an index of them at the end.
  ///
  ///     0  "LRF" in UTF-16   8  u16 version   16 u64 objects   24 u64 offset of their index
  ///     76 u16 size of the packed description and 4; it begins at 88 (at 83 up to version 800)
  ///     index: u32 number, u32 offset, u32 size, u32 0; an object: u16 0xF500 … u16 0xF501
  ///
  /// - Source: R. Sandberg, *Sony BBeB/LRF format*.
  package static let lrf = FileFormat(
    id: "lrf", name: "Sony BBeB e-book", category: .document, extensions: ["lrf", "lrx"],
    validation: .structure,
    signatures: [Signature(Array("L\0R\0F\0\0\0".utf8))], maximumSize: 0x4000_0000,
    resembles: { bytes in
      let version = (try? bytes.little(UInt16.self, at: 8)) ?? 0
      let count = (try? bytes.little(UInt64.self, at: 16)) ?? 0
      return (500...1500).contains(version) && (1...1_000_000).contains(count)
    }
  ) { file in
    try Examination.walk("lrf", file) {
      let count = try file.little(UInt64.self, at: 16)
      let index = ByteOffset(try file.little(UInt64.self, at: 24))
      guard (1...1_000_000).contains(count), index >= 88 else {
        throw Malformed("LRF", "it has no index", at: 16)
      }
      let end = try index + ByteCount(16 * count)
      guard end <= file.range.upperBound else { throw Truncated() }
      let table = try file.read(at: index, count: ByteCount(16 * count))
      var longest: UInt64 = 0
      for entry in stride(from: 0, to: table.count, by: 16) {
        let start = ByteOffset(UInt64(try table.little(UInt32.self, at: entry + 4)))
        let size = UInt64(try table.little(UInt32.self, at: entry + 8))
        guard size >= 4, try start + ByteCount(size) <= index,
          try file.little(UInt16.self, at: start) == 0xF500,
          try file.little(UInt16.self, at: start + ByteCount(size - 2)) == 0xF501
        else {
          throw Malformed("LRF", "an object is not where the index says", at: min(start, end))
        }
        longest = max(longest, size)
      }
      // One long object may hold anything.
      let isOpaque = longest > end.rawValue / 8
      var result = Examination.whole(
        "lrf", "LRF", end: end, and: isOpaque ? [.payloadUnchecked] : [])
      result.name = try title(of: file)
      return result
    }
  }

  /// The title in the description, `<Title …>A book</Title>`.
  private static func title(of file: Source) throws -> String? {
    let start: ByteOffset = try file.little(UInt16.self, at: 8) > 800 ? 88 : 83
    let inflated = try Inflation.inflate(
      file, from: start, wrapper: .zlib, collect: 0x4000, limit: 0x10_0000)
    guard let tag = inflated.output.firstIndex(of: Array("<Title".utf8)),
      let open = inflated.output[tag...].firstIndex(of: 0x3E)
    else { return nil }
    return ContentText.text(inflated.output[(open + 1)...].prefix { $0 != 0x3C })
  }
}
