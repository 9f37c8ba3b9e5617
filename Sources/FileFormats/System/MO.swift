// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Translations of GNU gettext: texts, each with its length and a NUL behind it.
  ///
  /// | Offset | Size | Field        | Unit                                         |
  /// |-------:|-----:|--------------|----------------------------------------------|
  /// |   0x00 |    4 | mark         | 0x950412DE, in the byte order of all numbers |
  /// |   0x04 |    4 | revision     | 0 or 1, both halves                          |
  /// |   0x08 |    4 | count        | texts                                        |
  /// |   0x0C |    4 | originals    | offset of a table: length, offset            |
  /// |   0x10 |    4 | translations | offset of a table: length, offset            |
  /// |   0x14 |    8 | hash table   | numbers in it, offset                        |
  ///
  /// - Source: GNU, *gettext manual*, §10.3 "The Format of GNU MO Files".
  package static let mo = FileFormat(
    id: "mo", name: "gettext translations", category: .system, extensions: ["mo", "gmo"],
    validation: .structure,
    signatures: [
      Signature([0xDE, 0x12, 0x04, 0x95]), Signature([0x95, 0x04, 0x12, 0xDE]),
    ],
    maximumSize: 0x400_0000,
    resembles: { bytes in
      let isBig = bytes.holds([0x95], at: 0)
      guard
        let fields = try? [4, 8, 12, 16].map({ (offset: Int) throws(Truncated) -> UInt32 in
          isBig ? try bytes.big(UInt32.self, at: offset) : try bytes.little(UInt32.self, at: offset)
        })
      else { return false }
      return fields[0] & 0xFFFE_FFFE == 0 && (1...0x10_0000).contains(fields[1]) && fields[2] >= 28
        && fields[3] >= 28 && fields[2] < 0x400_0000 && fields[3] < 0x400_0000
    }
  ) { file in
    try Examination.walk("mo", file) {
      var walk = try MOWalk(file)
      return try walk.examination()
    }
  }
}

/// The tables of a translation, and the texts that they name.
private struct MOWalk {
  private static let longestText: ByteCount = 0x10_0000
  private let file: Source
  private let isBigEndian: Bool
  private var tables: Window
  private var texts: Window
  private var end: ByteOffset = 28
  private var total: ByteCount = 0

  init(_ file: Source) throws {
    self.file = file
    isBigEndian = try file.little(UInt8.self, at: 0) == 0x95
    tables = Window(file, span: 0x4000)
    texts = Window(file, span: 0x4000)
  }

  private mutating func number(at offset: ByteOffset) throws -> UInt64 {
    UInt64(
      isBigEndian
        ? try tables.big(UInt32.self, at: offset) : try tables.little(UInt32.self, at: offset))
  }

  mutating func examination() throws -> Examination {
    let count = try number(at: 8)
    guard count <= 0x10_0000 else { throw Malformed("MO", "\(count) texts") }
    var header: Range<ByteOffset>?
    for place: ByteOffset in [12, 16] {
      let table = ByteOffset(try number(at: place))
      end = max(end, try table + ByteCount(count * 8))
      for index in 0..<count {
        let entry = try table + ByteCount(index * 8)
        let text = try Range(
          at: ByteOffset(number(at: entry + 4)), count: ByteCount(number(at: entry)))
        try check(text)
        end = max(end, try text.upperBound + 1)
        // The translation of nothing is the header; originals are sorted.
        if place == 16, index == 0 { header = text }
      }
    }
    if try number(at: 4) & 0xFFFF > 0 { try takeVariable() }
    let hashes = try number(at: 20)
    if hashes > 0 { end = max(end, try ByteOffset(number(at: 24)) + ByteCount(hashes * 4)) }
    guard end <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole("mo", "MO", end: end)
    if let header { try describe(&result, header) }
    return result
  }

  /// A text ends with a NUL; those inside, between plural forms, stand alone.
  private mutating func check(_ text: Range<ByteOffset>) throws {
    guard text.length <= Self.longestText else {
      throw Malformed("MO", "a text of \(text.length.rawValue) bytes", at: 28)
    }
    total = total.addingClamped(text.length)
    guard total.rawValue / 4 <= end.rawValue.addingReportingOverflow(0x10_0000).partialValue else {
      throw Malformed("MO", "its texts lie over each other", at: 28)
    }
    let bytes = try texts.copy(
      at: text.lowerBound, count: Int(clamping: text.length.rawValue) + 1)
    guard bytes.last == 0,
      !zip(bytes.dropLast(), bytes.dropFirst()).contains(where: { $0 == (0, 0) })
    else { throw Malformed("MO", "a text without end", at: text.lowerBound) }
  }

  /// Texts with parts that depend on the system, from revision 1 on: counts and tables of parts and
  /// of texts follow the header. A text is the place of its fixed bytes, then pairs of how many of
  /// them come next and which part follows, up to one without.
  private mutating func takeVariable() throws {
    end = max(end, 48)
    let parts = try number(at: 28)
    let count = try number(at: 36)
    guard parts <= 0x1000, count <= 0x1_0000 else { throw Malformed("MO", "too many parts") }
    let table = ByteOffset(try number(at: 32))
    if parts > 0 { end = max(end, try table + ByteCount(parts * 8)) }
    for index in 0..<parts {
      let entry = try table + ByteCount(index * 8)
      end = max(
        end, try ByteOffset(number(at: entry + 4)) + ByteCount(number(at: entry)))
    }
    for place: ByteOffset in count > 0 ? [40, 44] : [] {
      let table = ByteOffset(try number(at: place))
      end = max(end, try table + ByteCount(count * 4))
      for index in 0..<count {
        try takeVariable(at: ByteOffset(number(at: table + ByteCount(index * 4))))
      }
    }
  }

  private mutating func takeVariable(at start: ByteOffset) throws {
    var fixed: ByteCount = 0
    var position = try start + 4
    for _ in 0..<256 {
      fixed = try fixed + ByteCount(number(at: position))
      let part = try number(at: position + 4)
      position = try position + 8
      guard part == 0xFFFF_FFFF else { continue }
      end = max(end, position, try ByteOffset(number(at: start)) + fixed)
      return
    }
    throw Malformed("MO", "a text of too many parts", at: start)
  }

  private func describe(_ result: inout Examination, _ header: Range<ByteOffset>) throws {
    let bytes = try file.readPrefix(at: header.lowerBound, count: min(header.length, 4096))
    for line in bytes.split(separator: 0x0A) {
      let text = String(decoding: line, as: UTF8.self)
      if let value = text.dropping("Project-Id-Version:") { result.name = value }
      if let value = text.dropping("PO-Revision-Date:") {
        let parts = value.split { ": -+".contains($0) }.prefix(5).compactMap { Int($0) }
        if parts.count == 5 {
          result.date = Timestamp(
            year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4])
        }
      }
    }
  }
}

extension String {
  /// What follows `prefix`, trimmed; nil where it does not begin with it, or nothing follows.
  fileprivate func dropping(_ prefix: String) -> String? {
    hasPrefix(prefix) ? ContentText.trimmed(String(dropFirst(prefix.count))) : nil
  }
}
