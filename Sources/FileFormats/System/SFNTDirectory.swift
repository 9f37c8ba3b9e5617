// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The directories of tables of a font or a collection of fonts.
///
/// | Offset | Size | Field   | Unit                                                         |
/// |-------:|-----:|---------|--------------------------------------------------------------|
/// |   0x00 |    4 | version | 0x10000, `OTTO`, `true`, `typ1`                              |
/// |   0x04 |    2 | count   | tables                                                       |
/// |   0x0C | 16×n | tables  | tag, checksum, offset, length                                |
///
/// - Source: Microsoft, *OpenType Specification 1.9*, "Table Directory", "Calculating Checksums".
struct SFNTDirectory {
  struct Table: Hashable {
    let tag: UInt32
    let checksum: UInt32
    let range: Range<ByteOffset>
    /// Where the next table may start.
    var paddedEnd: ByteOffset {
      ByteOffset(range.upperBound.rawValue.addingReportingOverflow(3).partialValue & ~3)
    }
  }

  static let head: UInt32 = 0x6865_6164
  private static let name: UInt32 = 0x6E61_6D65
  private static let anchors: Set<UInt32> = [
    0x6865_6164, 0x6268_6564, 0x636D_6170, 0x6E61_6D65, 0x4F53_2F32, 0x676C_7966, 0x706F_7374,
  ]
  private static let mostTables = 4096

  private let file: Source
  private var tables = Set<Table>()
  private var end: ByteOffset = 0

  init(_ file: Source) { self.file = file }

  /// Whether the tables that a font's directory lists, as far as it lies at hand, have tags of
  /// printable characters and places behind the directory, and one that no font goes without.
  static let resembles: @Sendable (RawSpan) -> Bool = { bytes in
    guard let count = try? bytes.big(UInt16.self, at: 4), (3...127).contains(count)
    else { return false }
    let first = 12 + 16 * UInt32(count)
    var hasAnchor = false
    for index in 0..<Int(count) {
      guard let tag = try? bytes.big(UInt32.self, at: 12 + 16 * index),
        let offset = try? bytes.big(UInt32.self, at: 20 + 16 * index),
        let length = try? bytes.big(UInt32.self, at: 24 + 16 * index)
      else { break }
      guard isTag(tag), offset >= first, offset < 0x1000_0000, length < 0x1000_0000
      else { return false }
      hasAnchor = hasAnchor || anchors.contains(tag)
    }
    return hasAnchor
  }

  private static func isTag(_ tag: UInt32) -> Bool {
    [24, 16, 8, 0].allSatisfy { (0x20...0x7E).contains(tag >> $0 & 0xFF) }
  }

  /// Takes up the signature that a collection names behind its places, if there is one.
  mutating func takeSignature(at offset: ByteOffset) throws {
    let bytes = try file.read(at: offset, count: 12)
    end = max(end, try offset + 12)
    guard bytes.holds(Array("DSIG".utf8), at: 0) else { return }
    let place = ByteOffset(UInt64(try bytes.big(UInt32.self, at: 8)))
    end = max(end, try place + ByteCount(UInt64(bytes.big(UInt32.self, at: 4))))
  }

  /// What the fonts whose directories stand at `places` say together.
  mutating func examination(at places: [ByteOffset]) throws -> Examination {
    for place in places { try take(at: place) }
    let sorted = tables.sorted { $0.range.lowerBound < $1.range.lowerBound }
    end = try max(end, paddedEnd(sorted))
    guard end <= file.range.upperBound else { throw Truncated() }
    let isCollection = try file.big(UInt32.self, at: 0) == 0x7474_6366
    var result = Examination.whole(
      isCollection ? "ttc" : "ttf", isCollection ? "TrueType collection" : "TrueType", end: end,
      and: try checked(sorted))
    try describe(&result, sorted)
    let isCFF = try file.big(UInt32.self, at: 0) == 0x4F54_544F
    result.type = isCollection ? "ttc" : isCFF ? "otf" : "ttf"
    return result
  }

  private mutating func take(at place: ByteOffset) throws {
    let count = Int(try file.big(UInt16.self, at: place + 4))
    guard count > 0, tables.count + count <= Self.mostTables else {
      throw Malformed("font", "a directory of \(count) tables", at: place)
    }
    let bytes = try file.read(at: place + 12, count: ByteCount(clamping: 16 * count))
    end = max(end, try place + 12 + ByteCount(clamping: bytes.count))
    for index in stride(from: 0, to: bytes.count, by: 16) {
      let tag = try bytes.big(UInt32.self, at: index)
      let start = ByteOffset(UInt64(try bytes.big(UInt32.self, at: index + 8)))
      let length = ByteCount(UInt64(try bytes.big(UInt32.self, at: index + 12)))
      guard Self.isTag(tag), start >= 12 else {
        throw Malformed("font", "a table of the directory cannot be", at: place)
      }
      let checksum = try bytes.big(UInt32.self, at: index + 4)
      tables.insert(
        Table(tag: tag, checksum: checksum, range: try Range(at: start, count: length)))
    }
  }

  /// Where the last table ends: with the zeros that make it a multiple of four bytes, as all but few
  /// writers fill it.
  private func paddedEnd(_ sorted: [Table]) throws -> ByteOffset {
    guard let last = sorted.max(by: { $0.range.upperBound < $1.range.upperBound }) else {
      return end
    }
    let stop = last.range.upperBound
    guard stop <= file.range.upperBound else { throw Truncated() }
    let count = last.paddedEnd.rawValue &- stop.rawValue
    let padding = try file.readPrefix(at: stop, count: ByteCount(count))
    let isPadded = padding.count == Int(clamping: count) && padding.allSatisfy { $0 == 0 }
    return isPadded ? last.paddedEnd : stop
  }

  /// Compares the checksums of tables. A few writers got them wrong; a foreign block is in one place,
  /// and takes whole sectors: wrong ones with a right one between them, or without room for a sector
  /// between right ones, are the writer's.
  private func checked(_ sorted: [Table]) throws -> [Evidence] {
    let full = sorted.filter { !$0.range.isEmpty }
    // A few fonts let tables share bytes, but not all of them.
    let total = full.reduce(ByteCount(0)) { $0.addingClamped($1.range.length) }
    guard total.rawValue / 4 <= end.rawValue else {
      throw Malformed("font", "its tables lie over each other", at: 12)
    }
    let wrong = try full.indices.filter {
      try Self.checksum(
        file, full[$0].range, isHead: full[$0].tag == Self.head) != full[$0].checksum
    }
    guard let first = wrong.first, let last = wrong.last else {
      return [.checksumsHold(count: UInt64(full.count), kind: "table")]
    }
    let isOneBlock = last - first + 1 == wrong.count && wrong.count < full.count
    if isOneBlock {
      let low = first > 0 ? full[first - 1].range.upperBound.rawValue : 0
      let high = last + 1 < full.count ? full[last + 1].range.lowerBound.rawValue : UInt64.max
      if max(low, 1).addingReportingOverflow(511).partialValue / 512 < high / 512 {
        throw Malformed(
          "font", "the checksum of a table is wrong", at: full[first].range.lowerBound)
      }
    }
    return [.payloadUnchecked]
  }

  /// The sum of a table's 32-bit numbers; without the sum of the whole font in the one that holds it.
  static func checksum(_ file: Source, _ range: Range<ByteOffset>, isHead: Bool) throws -> UInt32 {
    var sum: UInt32 = 0
    var position = range.lowerBound
    while position < range.upperBound {
      let next = min(range.upperBound, position.advancedClamped(by: 0x1_0000))
      let bytes = try file.read(at: position, count: (position..<next).length)
      let words = bytes.count & ~3
      for index in stride(from: 0, to: words, by: 4) {
        sum &+=
          UInt32(bytes[index]) << 24 | UInt32(bytes[index + 1]) << 16
          | UInt32(bytes[index + 2]) << 8 | UInt32(bytes[index + 3])
      }
      for index in words..<bytes.count { sum &+= UInt32(bytes[index]) << (24 - 8 * (index & 3)) }
      position = next
    }
    if isHead, range.length >= 12 { sum &-= try file.big(UInt32.self, at: range.lowerBound + 8) }
    return sum
  }

  /// The font's full name and when it was changed.
  private func describe(_ result: inout Examination, _ sorted: [Table]) throws {
    if let table = sorted.first(where: { $0.tag == Self.name }) {
      result.name = try SFNTName(file, in: table.range).text
    }
    if let table = sorted.first(where: { $0.tag == Self.head }), table.range.length >= 36 {
      // Counted from 1904 on.
      let seconds = try file.big(Int64.self, at: table.range.lowerBound + 28)
      if seconds > 2_082_844_800, seconds < 5_000_000_000 {
        result.date = Timestamp(seconds: seconds - 2_082_844_800)
      }
    }
  }
}
