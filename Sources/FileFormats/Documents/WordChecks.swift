// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How much of a Word document is explained: its text, the pages of formats, styles, fonts and what
/// is zero. The rest is anybody's.
///
///     0  u16 0xA5EC   10 u16 flags (0x100 encrypted, 0x200 the table is "1Table")
///     0x98 u16 pairs of offset and length in the table, from 0x9A on: 1 styles, 12 and 13 pages of
///     formats, 15 fonts, 33 pieces of text, 50 drawings, 181 and 182 the theme
///
/// - Source: Microsoft, *[MS-DOC]*, §2.5 "The File Information Block", §2.9.38 "Clx", §2.9.33
///   "ChpxFkp", §2.9.271 "STSH", §2.9.286 "SttbfFfn".
struct WordChecks {
  private static let page = 512
  /// How many bytes may be left over: less than a block of a disk.
  private static let mostUnexplained: UInt64 = 2048
  private let document: [UInt8]
  private let table: [UInt8]
  private var explained: [Range<Int>] = [0..<0x9A]
  private var explainedInTable: [Range<Int>] = []
  /// Whether something is not what it must be.
  private var isDoubtful = false

  /// Nil where the document is encrypted, of an old version, or too large to look at.
  init?(_ compound: CompoundFile, _ directory: CompoundDirectory) throws {
    func content(_ name: String) throws -> [UInt8]? {
      guard let entry = directory.stream(name), entry.size >= UInt64(compound.miniCutoff),
        entry.size <= 0x80_0000
      else { return nil }
      let stream = try compound.stream(from: entry.start, size: entry.size)
      return try stream.read(at: 0, count: ByteCount(entry.size))
    }
    guard let document = try content("WordDocument"), document.holds([0xEC, 0xA5], at: 0),
      let flags = try? document.little(UInt16.self, at: 10), flags & 0x100 == 0,
      let table = try content(flags & 0x200 != 0 ? "1Table" : "0Table")
    else { return nil }
    self.document = document
    self.table = table
    do {
      try check()
    } catch is Truncated {
      isDoubtful = true
    }
  }

  /// Whether all that is known is what it must be, and little is left over.
  var isSound: Bool { !isDoubtful && unexplained < Self.mostUnexplained }

  /// Bytes that are not zero and that nothing explains, in the document and in its table.
  var unexplained: UInt64 {
    Self.unexplained(document, explained) &+ Self.unexplained(table, explainedInTable)
  }

  private static func unexplained(_ bytes: [UInt8], _ ranges: [Range<Int>]) -> UInt64 {
    var count = 0
    var position = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound })
      + [bytes.count..<bytes.count]
    {
      if range.lowerBound > position {
        count += bytes[position..<min(range.lowerBound, bytes.count)].count { $0 != 0 }
      }
      position = max(position, range.upperBound)
    }
    return UInt64(clamping: count)
  }

  /// A part of the table that the document's head names; nil where there is none.
  private func part(_ index: Int) throws -> Range<Int>? {
    let start = Int(clamping: try document.little(UInt32.self, at: 0x9A + 8 * index))
    let count = Int(clamping: try document.little(UInt32.self, at: 0x9E + 8 * index))
    guard count > 0 else { return nil }
    guard start <= table.count, count <= table.count - start else { throw Truncated() }
    return start..<(start + count)
  }

  private mutating func check() throws {
    let pairs = Int(try document.little(UInt16.self, at: 0x98))
    explained.append(0x9A..<min(0x9A + 8 * pairs, document.count))
    if let part = try part(33) { try followPieces(part) }
    for index in [12, 13] {
      if let part = try part(index) { try followFormats(part) }
    }
    if let part = try part(1) { try followStyles(part) }
    if let part = try part(15) { try followFonts(part) }
    if let part = try part(50) { try followDrawings(part) }
    if pairs > 182 { try checkTheme() }
  }

  /// A theme is an archive of its own, the mapping of its colours is text.
  private mutating func checkTheme() throws {
    if let part = try part(181) {
      let theme = try FileFormat.zip.examine(Source(bytes: Array(table[part])))
      if theme.end == .complete { explainedInTable.append(part) }
    }
    if let part = try part(182), table[part].allSatisfy({ $0 >= 9 }) {
      explainedInTable.append(part)
    }
  }

  /// Records of drawings: u16 version, u16 kind, u32 length; before all but the first stands a byte.
  private mutating func followDrawings(_ part: Range<Int>) throws {
    var at = part.lowerBound
    while at + 8 <= part.upperBound {
      let kind = try table.little(UInt16.self, at: at + 2)
      guard (0xF000...0xF1FF).contains(kind) else { break }
      at += 9 + Int(clamping: min(try table.little(UInt32.self, at: at + 4), 0x1000_0000))
    }
    if at == part.upperBound + 1 { explainedInTable.append(part) }
  }

  /// Pieces: 1 with u16 length before; then 2, u32 length, n + 1 u32 places, n times 8 bytes, in which
  /// 2 u32 is the offset, with bit 30 set for letters of one byte (then twice the offset).
  private mutating func followPieces(_ part: Range<Int>) throws {
    var at = part.lowerBound
    while try table.little(UInt8.self, at: at) == 1 {
      at += 3 + Int(try table.little(UInt16.self, at: at + 1))
    }
    let count = (Int(clamping: try table.little(UInt32.self, at: at + 1)) - 4) / 12
    at += 5
    guard count > 0, at + 4 + 12 * count <= part.upperBound else { throw Truncated() }
    for index in 0..<count {
      let first = try table.little(UInt32.self, at: at + 4 * index)
      let next = try table.little(UInt32.self, at: at + 4 * index + 4)
      let word = try table.little(UInt32.self, at: at + 4 * (count + 1) + 8 * index + 2)
      guard next >= first else { throw Truncated() }
      let isNarrow = word & 0x4000_0000 != 0
      let start = Int(clamping: word & 0x3FFF_FFFF) / (isNarrow ? 2 : 1)
      let length = Int(clamping: next - first) * (isNarrow ? 1 : 2)
      guard start <= document.count, length <= document.count - start else { throw Truncated() }
      let range = start..<(start + length)
      if isNarrow ? isText(range) : WideText.holds(document[range]) {
        explained.append(range)
      } else {
        isDoubtful = true
      }
    }
    explainedInTable.append(part)
  }

  private func isText(_ range: Range<Int>) -> Bool {
    document[range].allSatisfy { $0 != 0 }
  }

  /// n + 1 u32 places, n u32 pages; a page begins with the first place, and its last byte counts.
  private mutating func followFormats(_ part: Range<Int>) throws {
    let count = (part.count - 4) / 8
    for index in 0..<max(count, 0) {
      let place = try table.little(UInt32.self, at: part.lowerBound + 4 * index)
      let number = try table.little(
        UInt32.self, at: part.lowerBound + 4 * (count + 1) + 4 * index)
      let start = Int(clamping: number & 0x3F_FFFF) * Self.page
      let entries = try document.little(UInt8.self, at: start + Self.page - 1)
      if try entries > 0 && entries <= 0x65 && document.little(UInt32.self, at: start) == place {
        explained.append(start..<(start + Self.page))
      } else {
        isDoubtful = true
      }
    }
    explainedInTable.append(part)
  }

  /// u16 length of a head, in which the first u16 counts the styles; each u16 length and content.
  private mutating func followStyles(_ part: Range<Int>) throws {
    let head = Int(try table.little(UInt16.self, at: part.lowerBound))
    var at = part.lowerBound + 2 + head
    for _ in 0..<(try table.little(UInt16.self, at: part.lowerBound + 2)) {
      let length = Int(try table.little(UInt16.self, at: at))
      at += 2 + length + length % 2
    }
    if at == part.upperBound { explainedInTable.append(part) } else { isDoubtful = true }
  }

  /// u16 count, u16 0; each font u8 length less 1 and content.
  private mutating func followFonts(_ part: Range<Int>) throws {
    var at = part.lowerBound + 4
    for _ in 0..<(try table.little(UInt16.self, at: part.lowerBound)) {
      at += 1 + Int(try table.little(UInt8.self, at: at))
    }
    if at == part.upperBound { explainedInTable.append(part) } else { isDoubtful = true }
  }
}
