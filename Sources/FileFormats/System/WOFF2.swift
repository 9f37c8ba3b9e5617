// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Web Open Font Format 2: all tables of a font in one stream.
  ///
  /// | Offset | Size | Field    | Unit                                                      |
  /// |-------:|-----:|----------|-----------------------------------------------------------|
  /// |   0x00 |    4 | mark     | `wOF2`                                                    |
  /// |   0x04 |    4 | flavor   | as a font begins, or `ttcf`                               |
  /// |   0x08 |    4 | length   | of the file                                               |
  /// |   0x0C |    2 | count    | tables                                                    |
  /// |   0x0E |    2 |          | zero                                                      |
  /// |   0x14 |    4 | stream   | bytes                                                     |
  /// |   0x1C |   12 | metadata | offset, length, length when decompressed                  |
  /// |   0x28 |    8 | private  | offset, length                                            |
  /// |   0x30 |    … | tables   | flags, tag where none is known, lengths of 1 to 5 bytes   |
  ///
  /// - Source: W3C, *WOFF File Format 2.0*, §4.
  package static let woff2 = FileFormat(
    id: "woff2", name: "Web font 2", category: .system, validation: .size,
    signatures: [Signature("wOF2")], maximumSize: 0x400_0000,
    resembles: { bytes in
      guard let length = try? bytes.big(UInt32.self, at: 8),
        let count = try? bytes.big(UInt16.self, at: 12),
        let zero = try? bytes.big(UInt16.self, at: 14),
        let stream = try? bytes.big(UInt32.self, at: 20)
      else { return false }
      return zero == 0 && (1...512).contains(count) && stream < length && length < 0x400_0000
    }
  ) { file in
    try Examination.walk("woff2", file) { try WOFF2Walk(file).examination() }
  }
}

/// The directory of a web font 2, and what follows from it.
private struct WOFF2Walk {
  private static let collection: UInt32 = 0x7474_6366
  /// The numbers of the tables that may be transformed: their null transform is 3.
  private static let transformed: Set<UInt8> = [10, 11]
  private let file: Source
  private var window: Window
  private var position: ByteOffset = 48

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  func examination() throws -> Examination {
    var walk = self
    return try walk.followed()
  }

  private mutating func followed() throws -> Examination {
    let head = try file.read(at: 0, count: 48)
    let end = ByteOffset(UInt64(try head.big(UInt32.self, at: 8)))
    for _ in 0..<(try head.big(UInt16.self, at: 12)) { try skipTable() }
    if try head.big(UInt32.self, at: 4) == Self.collection { try skipCollection() }
    let stream = try position + ByteCount(UInt64(head.big(UInt32.self, at: 20)))
    var last = stream
    for place in [28, 40] {
      let range = try Range(
        at: ByteOffset(UInt64(head.big(UInt32.self, at: place))),
        count: ByteCount(UInt64(head.big(UInt32.self, at: place + 4))))
      guard !range.isEmpty else { continue }
      guard range.lowerBound >= last, range.lowerBound <= last.advancedClamped(by: 3) else {
        throw Malformed("WOFF2", "a part that does not follow the others", at: last)
      }
      last = range.upperBound
    }
    guard last <= end, end <= last.advancedClamped(by: 3) else {
      throw Malformed("WOFF2", "the length is not that of its parts", at: 0)
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    return .whole("woff2", "WOFF2", end: end, and: [.payloadUnchecked])
  }

  /// One table: six bits say which, two how it is transformed, which adds a length to some.
  private mutating func skipTable() throws {
    let flags = try window.byte(at: position)
    position = try position + (flags & 0x3F == 0x3F ? 5 : 1)
    _ = try number()
    let isChanged =
      Self.transformed.contains(flags & 0x3F) ? flags >> 6 != 3 : flags >> 6 != 0
    if isChanged { _ = try number() }
  }

  /// The fonts of a collection: each a count of tables, a flavor, and the tables' numbers.
  private mutating func skipCollection() throws {
    position = try position + 4
    for _ in 0..<(try shortNumber()) {
      let count = try shortNumber()
      position = try position + 4
      for _ in 0..<count { _ = try shortNumber() }
    }
  }

  /// A number of 1 to 5 bytes of seven bits, the highest first.
  private mutating func number() throws -> UInt32 {
    var value: UInt32 = 0
    for index in 0..<5 {
      let byte = try window.byte(at: position)
      position = try position + 1
      guard index > 0 || byte != 0x80 else { break }
      value = value << 7 | UInt32(byte & 0x7F)
      if byte & 0x80 == 0 { return value }
    }
    throw Malformed("WOFF2", "a length that cannot be", at: 0)
  }

  /// A number of 1 to 3 bytes: up to 252, or by a code.
  private mutating func shortNumber() throws -> Int {
    let code = try window.byte(at: position)
    position = try position + 1
    switch code {
    case 253:
      defer { position = position.advancedClamped(by: 2) }
      return Int(try window.big(UInt16.self, at: position))
    case 254, 255:
      defer { position = position.advancedClamped(by: 1) }
      return Int(try window.byte(at: position)) + (code == 254 ? 506 : 253)
    default: return Int(code)
    }
  }
}
