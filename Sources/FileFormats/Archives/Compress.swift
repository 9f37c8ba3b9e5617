// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Unix compress: LZW codes of nine to sixteen bits. Nothing marks the last one.
  ///
  ///     0  1F 9D   2  u8 longest code (0-4), may clear its table (7)   3  codes
  ///
  /// - Source: *compress.c* 4.0, as *ncompress* keeps it.
  package static let compress = FileFormat(
    id: "z", name: "compress archive", category: .archive, extensions: ["z", "taz"],
    validation: .reasoning,
    signatures: [Signature([0x1F, 0x9D], alignment: 512)], maximumSize: 0x4000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: min(bytes.byteCount, 512)) else {
        return false
      }
      return (try? CompressWalk(Source(bytes: head)).isPlausible()) ?? false
    }
  ) { file in
    try Examination.walk("z", file) { try CompressWalk(file).examination() }
  }
}

/// The walk over the codes of a compressed file.
///
/// A writer always takes the longest text that its table holds, so a code and the first byte of the
/// next one never make a text that is there already. What breaks this rule is not of the file.
private struct CompressWalk {
  private static let clear = 256
  private static let fewestCodes = 24
  /// So many codes of zero in a row are no data: a table that is not full has a text for them.
  private static let mostZeros = 8
  private static let mostEnds = 4096
  private static let sector: UInt64 = 512

  private let file: Source
  private var window: Window
  private let longest: Int
  private let mostCodes: Int
  private let clears: Bool
  private var table: CompressTable
  /// Where the codes of one width began, of which eight make whole bytes.
  private var group: ByteOffset = 3
  private var inGroup = 0
  private var width = 9
  private var last: Int?
  private var codes = 0
  /// Behind each of the last codes that were not zero.
  private var ends: [ByteOffset] = []
  /// Codes of zero that stand behind it.
  private var zeros = 0

  init(_ file: Source) throws {
    self.file = file
    window = Window(file)
    // A few bytes, looked at for likeness, need no room for all codes.
    mostCodes = file.length <= 512 ? 1024 : 1 << 16
    table = CompressTable(count: mostCodes)
    let flags = try file.little(UInt8.self, at: 2)
    longest = Int(flags & 0x1F)
    clears = flags & 0x80 != 0
    guard (9...16).contains(longest), flags & 0x60 == 0 else {
      throw Malformed("compress", "its header is wrong", at: 2)
    }
  }

  /// Whether the first codes may be such.
  func isPlausible() throws -> Bool {
    var walk = self
    while walk.codes < 200, let code = try walk.next() {
      guard try walk.take(code) else { break }
    }
    return walk.codes >= Self.fewestCodes
  }

  func examination() throws -> Examination {
    var walk = self
    while walk.zeros < Self.mostZeros, let code = try walk.next() {
      guard try walk.take(code) else { break }
    }
    guard walk.codes >= Self.fewestCodes else {
      throw Malformed("compress", "these are no codes", at: 3)
    }
    // Zeros are the slack behind the file; other bytes begin with a sector.
    var end = walk.ends.last ?? 3
    let isCut = walk.codeEnd >= file.range.upperBound
    if walk.zeros == 0, !isCut {
      let begin = end.rawValue &- end.rawValue % Self.sector
      end = walk.ends.last { $0.rawValue <= begin } ?? end
    }
    return .whole("z", "compress", end: min(end, file.range.upperBound), and: [.endReasoned])
  }

  private var codeEnd: ByteOffset {
    group.advancedClamped(by: ByteCount(clamping: (inGroup * width + 7) / 8))
  }

  /// The next code; nil where the bytes end.
  private mutating func next() throws -> Int? {
    if table.isFull(width: width), width < longest {
      closeGroup()
      width += 1
    }
    let bit = inGroup * width
    let start = group.advancedClamped(by: ByteCount(clamping: bit / 8))
    let shift = bit % 8
    var word = 0
    for index in 0..<(shift + width + 7) / 8 {
      let place = start.advancedClamped(by: ByteCount(clamping: index))
      guard place < file.range.upperBound else { return nil }
      word |= Int(try window.byte(at: place)) << (8 * index)
    }
    inGroup += 1
    let code = word >> shift & ((1 << width) - 1)
    if inGroup == 8 {
      group = group.advancedClamped(by: ByteCount(clamping: width))
      inGroup = 0
    }
    return code
  }

  /// A writer fills the last eight codes of a width.
  private mutating func closeGroup() {
    if inGroup > 0 { group = group.advancedClamped(by: ByteCount(clamping: width)) }
    inGroup = 0
  }

  /// Takes up a code; false where it cannot be one of this file.
  private mutating func take(_ code: Int) throws -> Bool {
    if clears, code == Self.clear {
      guard last != nil else { return false }
      note(code)
      closeGroup()
      table.clear()
      width = 9
      last = nil
      return true
    }
    guard let last else {
      guard code < 256 else { return false }
      // The first code makes no entry, but it takes its place after the table was cleared.
      if codes == 0 { table.begin(at: clears ? Self.clear + 1 : Self.clear) }
      note(code)
      self.last = code
      return true
    }
    guard table.add(code, after: last, most: min(1 << longest, mostCodes)) else { return false }
    note(code)
    self.last = code
    return true
  }

  private mutating func note(_ code: Int) {
    codes += 1
    if code == 0 {
      zeros += 1
    } else {
      zeros = 0
      ends.append(codeEnd)
      if ends.count > 2 * Self.mostEnds { ends.removeFirst(Self.mostEnds) }
    }
  }
}
