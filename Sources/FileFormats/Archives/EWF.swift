// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// Expert Witness images, the segments of EnCase: sections, each naming the next, up to `done`
  /// or, where another segment follows, `next`.
  ///
  /// - Source: J. Metz, *Expert Witness Compression Format (EWF)*, §3 "Segment file".
  package static let ewf = FileFormat(
    id: "e01", name: "EnCase image", category: .archive, extensions: ["e01", "l01", "s01", "ewf"],
    validation: .checksums,
    signatures: [
      Signature([0x45, 0x56, 0x46, 9, 0x0D, 0x0A, 0xFF, 0]),
      Signature([0x4C, 0x56, 0x46, 9, 0x0D, 0x0A, 0xFF, 0]),
    ],
    maximumSize: 0x100_0000_0000,
    resembles: { bytes in
      ((try? bytes.little(UInt8.self, at: 8)) ?? 0) == 1 && bytes.holds([0, 0], at: 11)
    }
  ) { file in
    try Examination.walk("e01", file) {
      var walk = EWFWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over a segment's sections.
///
/// | Offset | Size | Field    | Unit                                                     |
/// |-------:|-----:|----------|----------------------------------------------------------|
/// |   0x00 |   16 | type     |                                                          |
/// |   0x10 |    8 | next     | offset of the next section; of itself in the last        |
/// |   0x18 |    8 | size     | bytes, with these 76                                     |
/// |   0x48 |    4 | checksum | Adler-32 of the 72 bytes before                          |
/// |   0x4C |    4 | count    | `table`: chunks; then, at 0x54, the base of their offsets |
/// |   0x64 |  4·n | offsets  | `table`: the top bit marks a compressed chunk            |
private struct EWFWalk {
  private static let mostSections = 1_000_000
  private static let mostChunks: UInt32 = 0x2_0000
  private static let longestChunk: UInt64 = 0x100_0000

  private let file: Source
  private var data: Range<ByteOffset>?
  private var checked: UInt64 = 0
  private var isChecked = true

  init(_ file: Source) { self.file = file }

  mutating func examination() throws -> Examination {
    var position: ByteOffset = 13
    for _ in 0..<Self.mostSections {
      let head = try file.read(at: position, count: 76)
      let type = ContentText.text(head[..<16]) ?? ""
      let next = ByteOffset(try head.little(UInt64.self, at: 16))
      guard Self.adler(head[..<72]) == (try head.little(UInt32.self, at: 72)) else {
        throw Malformed("EWF", "no section starts here", at: position)
      }
      if type == "done" || type == "next" { return try complete(at: position + 76) }
      guard next >= (try position + 76) else {
        throw Malformed("EWF", "a section does not lead on", at: position)
      }
      guard next <= file.range.upperBound else { throw Truncated() }
      if type == "sectors" { data = try (position + 76)..<next }
      if type == "table" {
        try checkChunks(position, next)
        // Each table has data of its own.
        data = nil
      }
      position = next
    }
    throw Malformed("EWF", "there are too many sections", at: position)
  }

  private static func adler(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var sum = Adler32()
    sum.update(Array(bytes))
    return sum.value
  }

  /// Checks the chunks that a table names, each against its own checksum.
  private mutating func checkChunks(_ position: ByteOffset, _ end: ByteOffset) throws {
    let head = try file.read(at: position + 76, count: 24)
    let count = try head.little(UInt32.self, at: 0)
    let base = try head.little(UInt64.self, at: 8)
    guard let data, count > 0, count <= Self.mostChunks,
      try position + 100 + ByteCount(UInt64(count) * 4) <= end
    else {
      isChecked = false
      return
    }
    let bytes = try file.read(at: position + 100, count: ByteCount(UInt64(count) * 4))
    for index in 0..<Int(count) {
      let entry = try bytes.little(UInt32.self, at: index * 4)
      let start = ByteOffset(base &+ UInt64(entry & 0x7FFF_FFFF))
      let after =
        index + 1 < count
        ? ByteOffset(base &+ UInt64(try bytes.little(UInt32.self, at: index * 4 + 4) & 0x7FFF_FFFF))
        : data.upperBound
      guard data.lowerBound <= start, start < after, after <= data.upperBound,
        (start..<after).length.rawValue <= Self.longestChunk,
        try holds(start..<after, isCompressed: entry >> 31 == 1)
      else { throw Malformed("EWF", "the checksum of a chunk is wrong", at: start) }
      checked &+= 1
    }
  }

  private func holds(_ chunk: Range<ByteOffset>, isCompressed: Bool) throws -> Bool {
    if isCompressed {
      return try Inflation.inflate(
        file, from: chunk.lowerBound, wrapper: .zlib, limit: Self.longestChunk
      ).end == .complete
    }
    let bytes = try file.read(at: chunk.lowerBound, count: chunk.length)
    return try bytes.count > 4
      && Self.adler(bytes.dropLast(4)) == bytes.little(UInt32.self, at: bytes.count - 4)
  }

  private func complete(at end: ByteOffset) throws -> Examination {
    let proof: Evidence =
      isChecked && checked > 0
      ? .checksumsHold(count: checked, kind: "Adler-32") : .payloadUnchecked
    var result = Examination.whole("e01", "EWF", end: end, and: [proof])
    result.type = try file.read(at: 0, count: 1) == [0x4C] ? "l01" : "e01"
    return result
  }
}
