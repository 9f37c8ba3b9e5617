// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// E-books in a Palm database: Mobipocket and Kindle, and the older PalmDOC.
  ///
  ///     0  32 name   34 u16 version   36 u32 time   60 8 type and creator   76 u16 records
  ///     78 u32 offset, u8 attributes, 3 number, for each record
  ///
  /// - Source: Palm, *Palm File Format Specification*; MobileRead wiki, *MOBI*, *PalmDOC*.
  package static let mobi = FileFormat(
    id: "mobi", name: "Mobipocket or Kindle e-book", category: .document,
    extensions: ["mobi", "azw", "azw3", "prc", "pdb"], validation: .decoding,
    signatures: [
      Signature(Array("BOOKMOBI".utf8), at: 60), Signature(Array("TEXtREAd".utf8), at: 60),
    ],
    maximumSize: 0x4000_0000,
    resembles: { bytes in
      guard let count = try? bytes.big(UInt16.self, at: 76),
        let first = try? bytes.big(UInt32.self, at: 78)
      else { return false }
      return count > 1 && UInt64(first) >= 78 + 8 * UInt64(count)
        && UInt64(first) < 80 + 8 * UInt64(count) + 0x1000
    }
  ) { file in
    try Examination.walk("mobi", file) { try MobipocketWalk(file).examination() }
  }
}

/// The walk over the records of an e-book: the header, its text, then indexes and pictures.
private struct MobipocketWalk {
  /// How much of a book nothing may have checked, as a part of all.
  private static let uncheckedShare: UInt64 = 16
  private static let longestRecord: UInt64 = 0x80_0000
  private static let endMark: [UInt8] = [0xE9, 0x8E, 0x0D, 0x0A]
  private let file: Source
  private var offsets: [UInt64] = []
  private var unchecked: UInt64 = 0
  private var header: MobipocketHeader

  init(_ file: Source) throws {
    self.file = file
    let count = try file.big(UInt16.self, at: 76)
    let table = try file.read(at: 78, count: ByteCount(8 * UInt64(count)))
    for index in 0..<Int(count) {
      offsets.append(UInt64(try table.big(UInt32.self, at: 8 * index)))
    }
    guard let first = offsets.first else { throw Malformed("Mobipocket", "it has no records") }
    for (before, after) in zip(offsets, offsets.dropFirst()) where before > after {
      throw Malformed("Mobipocket", "its records are out of order", at: 78)
    }
    let second = offsets.count > 1 ? offsets[1] : first
    header = try MobipocketHeader(
      file.readPrefix(at: ByteOffset(first), count: ByteCount(min(second - first, 0x1_0000))),
      isMobipocket: file.read(at: 60, count: 8) == Array("BOOKMOBI".utf8))
  }

  func examination() throws -> Examination {
    var walk = self
    for index in offsets.indices.dropFirst().dropLast() where offsets[index + 1] > offsets[index] {
      try walk.check(index, length: offsets[index + 1] - offsets[index])
    }
    let end = try walk.lastEnd()
    walk.unchecked &+= UInt64(clamping: header.unknownBytes)
    let isOpaque = walk.unchecked > end.rawValue / Self.uncheckedShare
    var result = Examination.whole(
      "mobi", "Palm database", end: end, and: isOpaque ? [.payloadUnchecked] : [])
    let name = try ContentText.text(file.read(at: 0, count: 32))
    result.type = header.type
    result.name = header.title ?? name?.replacing("_", with: " ")
    result.date = header.date
    return result
  }

  /// Checks a record by what it must be: text that expands to one page, or a picture.
  private mutating func check(_ index: Int, length: UInt64) throws {
    let start = ByteOffset(offsets[index])
    let end = try start + ByteCount(length)
    guard end <= file.range.upperBound else { throw Truncated() }
    guard index <= header.textRecords else {
      if try !isPicture(file.slice(start..<end)) { unchecked &+= length }
      return
    }
    guard header.isPalmPacked, length <= Self.longestRecord else {
      unchecked &+= length
      return
    }
    let bytes = try file.read(at: start, count: ByteCount(length))
    let packed = header.withoutTrailers(bytes)
    guard let size = PalmText.expandedSize(packed),
      index == header.textRecords ? size <= header.pageSize + 8 : size <= header.pageSize + 8,
      index == header.textRecords || size + 8 >= header.pageSize
    else { throw Malformed("Mobipocket", "a page of its text is foreign", at: start) }
  }

  private func isPicture(_ record: Source) throws -> Bool {
    let head = try record.readPrefix(at: 0, count: 16)
    for format in [FileFormat.jpeg, .png, .gif] where format.isRecognised(in: head) {
      return try format.examine(record).end == .complete
    }
    return false
  }

  /// Behind the last record, whose length nothing states: mostly it is a mark.
  private func lastEnd() throws -> ByteOffset {
    guard let last = offsets.last else { throw Truncated() }
    let start = ByteOffset(last)
    if header.isMobipocket {
      guard try file.read(at: start, count: 4) == Self.endMark else {
        throw Malformed("Mobipocket", "its last record is no end mark", at: start)
      }
      return try start + 4
    }
    let left = header.textSize - header.pageSize * (header.textRecords - 1)
    guard header.isPalmPacked, offsets.count - 1 == header.textRecords, left > 0 else {
      guard !header.isPalmPacked, offsets.count - 1 == header.textRecords, left > 0 else {
        throw Malformed("PalmDOC", "its last record has no length", at: start)
      }
      return try start + ByteCount(clamping: left)
    }
    let bytes = try file.readPrefix(at: start, count: ByteCount(clamping: 2 * header.pageSize))
    guard let length = PalmText.length(of: bytes, expandingTo: left) else {
      if bytes.count < 2 * header.pageSize { throw Truncated() }
      throw Malformed("PalmDOC", "its last page is foreign", at: start)
    }
    return try start + ByteCount(clamping: length)
  }
}
