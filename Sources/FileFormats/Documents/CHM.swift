// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Compiled HTML Help: a header, the file's size, a directory in chunks, the content.
  ///
  ///     0  "ITSF"  4  u32 version   8  u32 header length   24, 40  identifiers
  ///     56  u64 offset, u64 length of the part with the size (8 bytes in: u64 file size)
  ///     72  u64 offset, u64 length of the directory   88  u64 offset of the content (version 3)
  ///
  /// - Source: P. Stephens, M. Russotto, *Microsoft's HTML Help (.chm) format*.
  package static let chm = FileFormat(
    id: "chm", name: "HTML Help", category: .document, extensions: ["chm", "chw", "chi"],
    validation: .size,
    signatures: [Signature(Array("ITSF".utf8))], maximumSize: 0x8000_0000,
    resembles: { bytes in
      let version = (try? bytes.little(UInt32.self, at: 4)) ?? 0
      // Two identifiers that differ in their first part by one.
      return (2...4).contains(version) && bytes.holds([0x7C], at: 27)
        && bytes.holds([0xD0, 0x11, 0x9E, 0x0C], at: 30)
    }
  ) { file in
    try Examination.walk("chm", file) { try CHMWalk(file).examination() }
  }
}

/// The walk over the directory of a help file.
private struct CHMWalk {
  private static let largestChunk: UInt32 = 0x1_0000
  private let file: Source
  private var content: ByteOffset = 0
  private var size: ByteOffset = 0
  private var title: String?

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    var walk = self
    let head = try file.read(at: 0, count: 96)
    let sizes = ByteOffset(try head.little(UInt64.self, at: 56))
    let directory = ByteOffset(try head.little(UInt64.self, at: 72))
    let length = ByteCount(try head.little(UInt64.self, at: 80))
    walk.size = ByteOffset(try file.little(UInt64.self, at: sizes + 8))
    walk.content =
      try head.little(UInt32.self, at: 4) >= 3
      ? ByteOffset(head.little(UInt64.self, at: 88)) : directory + length
    guard try directory + length <= walk.size, walk.content <= walk.size else {
      throw Malformed("CHM", "its directory lies beyond its end", at: 56)
    }
    try walk.followDirectory(at: directory, length: length)
    guard walk.size <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole("chm", "HTML Help", end: walk.size, and: [.payloadUnchecked])
    result.name = walk.title
    return result
  }

  /// The directory: 0 "ITSP", 8 u32 header length, 16 u32 chunk size, 44 u32 chunks; then chunks that
  /// begin with "PMGL" (entries) or "PMGI" (an index of them).
  private mutating func followDirectory(at start: ByteOffset, length: ByteCount) throws {
    let head = try file.read(at: start, count: 84)
    let headLength = try head.little(UInt32.self, at: 8)
    let chunkSize = try head.little(UInt32.self, at: 16)
    let count = try head.little(UInt32.self, at: 44)
    guard head.holds(Array("ITSP".utf8), at: 0), (256...Self.largestChunk).contains(chunkSize),
      UInt64(headLength) + UInt64(chunkSize) * UInt64(count) <= length.rawValue
    else { throw Malformed("CHM", "its directory is none", at: start) }
    var place = try start + ByteCount(UInt64(headLength))
    for _ in 0..<count {
      let chunk = try file.read(at: place, count: ByteCount(UInt64(chunkSize)))
      if chunk.holds(Array("PMGL".utf8), at: 0) {
        try readEntries(chunk, at: place)
      } else if !chunk.holds(Array("PMGI".utf8), at: 0) {
        throw Malformed("CHM", "a chunk of its directory is foreign", at: place)
      }
      place = try place + ByteCount(UInt64(chunkSize))
    }
  }

  /// Entries from byte 20 on: length and name, section, offset, length, each number in sevens of bits.
  private mutating func readEntries(_ chunk: [UInt8], at place: ByteOffset) throws {
    let free = Int(clamping: try chunk.little(UInt32.self, at: 4))
    var at = 20
    while at < chunk.count - free {
      let nameLength = Int(clamping: try Self.number(chunk, &at))
      guard nameLength <= chunk.count else { throw Truncated() }
      let name = try chunk.copy(at: at, count: nameLength)
      at += nameLength
      let section = try Self.number(chunk, &at)
      let offset = try Self.number(chunk, &at)
      let length = try Self.number(chunk, &at)
      guard section == 0 else { continue }
      let start = try content + ByteCount(offset)
      guard try start + ByteCount(length) <= size else {
        throw Malformed("CHM", "an entry lies beyond its end", at: place)
      }
      if name == Array("/#SYSTEM".utf8) {
        readSystem(try file.readPrefix(at: start, count: min(ByteCount(length), 4096)))
      }
    }
  }

  private static func number(_ bytes: [UInt8], _ at: inout Int) throws -> UInt64 {
    var value: UInt64 = 0
    for _ in 0..<9 {
      let byte = try bytes.little(UInt8.self, at: at)
      at += 1
      value = value << 7 | UInt64(byte & 0x7F)
      if byte & 0x80 == 0 { return value }
    }
    throw Malformed("CHM", "a number of its directory is too long")
  }

  /// u32 version, then u16 code, u16 length, content; code 3 is the title.
  private mutating func readSystem(_ bytes: [UInt8]) {
    var at = 4
    while let code = try? bytes.little(UInt16.self, at: at),
      let length = try? bytes.little(UInt16.self, at: at + 2)
    {
      if code == 3, let text = try? bytes.copy(at: at + 4, count: Int(length)) {
        title = ContentText.text(text)
      }
      at += 4 + Int(length)
    }
  }
}
