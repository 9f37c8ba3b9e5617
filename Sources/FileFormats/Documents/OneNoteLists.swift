// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// OneNote's lists of nodes: fragments with a mark at each end, whose nodes lead to further lists and to
/// data. How many nodes a list has stands in the log of transactions.
///
///     fragment: 0 u64 mark   8 u32 list   12 u32 number   16 nodes …
///               -20 u64+u32 next fragment   -8 u64 mark
///     node:     u32: 0 to 9 kind, 10 to 22 size, 23-24 form of offset, 25-26 form of length,
///               27 to 30 what it leads to (1 data, 2 a list)
///
/// - Source: Microsoft, *[MS-ONESTORE]*, §2.3.3 "Transaction log", §2.4 "File node list".
struct OneNoteLists {
  private static let fragmentStart: UInt64 = 0xA456_7AB1_F5F7_F4C4
  private static let fragmentEnd: UInt64 = 0x8BC2_15C3_8233_BA4B
  private static let terminator: UInt32 = 0xFF
  private static let mostFragments = 1_000_000
  private static let longestFragment: UInt64 = 0x80_0000

  private struct Reference: Hashable {
    let start: ByteOffset
    let length: UInt64
    var isNone: Bool { length == 0 || start == ByteOffset(.max) }
  }

  private let file: Source
  private let end: ByteOffset
  private var counts: [UInt32: UInt32] = [:]
  private var seen: Set<ByteOffset> = []
  private var covered: UInt64 = 1024

  init(_ file: Source) throws {
    self.file = file
    end = ByteOffset(try file.little(UInt64.self, at: 196))
  }

  func examination() throws -> Examination {
    var walk = self
    let head = try file.read(at: 0, count: 1024)
    guard end >= 1024 else { throw Malformed("OneNote", "its length is none", at: 196) }
    try walk.readLog(
      Self.wide(head, at: 160), transactions: head.little(UInt32.self, at: 96))
    var open = [try Self.wide(head, at: 172)]
    while let list = open.popLast() {
      guard !list.isNone, !walk.seen.contains(list.start) else { continue }
      open += try walk.followList(from: list)
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    let isOpaque = walk.covered < end.rawValue / 8 * 7
    return .whole("one", "OneNote", end: end, and: isOpaque ? [.payloadUnchecked] : [])
  }

  private static func wide(_ bytes: [UInt8], at offset: Int) throws -> Reference {
    Reference(
      start: ByteOffset(try bytes.little(UInt64.self, at: offset)),
      length: UInt64(try bytes.little(UInt32.self, at: offset + 8)))
  }

  private mutating func fragment(_ place: Reference) throws -> [UInt8] {
    guard seen.insert(place.start).inserted, seen.count < Self.mostFragments,
      (20...Self.longestFragment).contains(place.length),
      try place.start + ByteCount(place.length) <= end
    else { throw Malformed("OneNote", "a fragment of a list is wrong", at: place.start) }
    covered &+= place.length
    return try file.read(at: place.start, count: ByteCount(place.length))
  }

  /// Pairs of a list and how many nodes it has now; pairs of list 1 end a transaction.
  private mutating func readLog(_ first: Reference, transactions: UInt32) throws {
    var next = first
    var ended: UInt32 = 0
    while ended < transactions, !next.isNone {
      let bytes = try fragment(next)
      for at in stride(from: 0, to: bytes.count - 19, by: 8) where ended < transactions {
        let list = try bytes.little(UInt32.self, at: at)
        if list == 1 { ended &+= 1 } else { counts[list] = try bytes.little(at: at + 4) }
      }
      next = try Self.wide(bytes, at: bytes.count - 12)
    }
    guard ended == transactions else {
      throw Malformed("OneNote", "its log of transactions ends early", at: first.start)
    }
  }

  /// The lists to which the nodes of a list lead.
  private mutating func followList(from first: Reference) throws -> [Reference] {
    var lists: [Reference] = []
    var next = first
    var left: UInt32?
    while !next.isNone {
      let place = next
      let bytes = try fragment(place)
      let last = bytes.count - 8
      guard try bytes.little(UInt64.self, at: 0) == Self.fragmentStart,
        try bytes.little(UInt64.self, at: last) == Self.fragmentEnd
      else { throw Malformed("OneNote", "a fragment of a list is foreign", at: place.start) }
      var remaining = try left ?? counts[bytes.little(UInt32.self, at: 8)] ?? 0
      var at = 16
      while remaining > 0, at + 4 <= bytes.count - 20 {
        let word = try bytes.little(UInt32.self, at: at)
        let size = Int(word >> 10 & 0x1FFF)
        if word & 0x3FF == Self.terminator || word == 0 { break }
        guard size >= 4, at + size <= bytes.count - 20 else {
          throw Malformed("OneNote", "a node is wrong", at: place.start)
        }
        let target = word >> 27 & 0xF
        if target == 1 || target == 2, let reference = try Self.reference(bytes, at: at, word) {
          guard try reference.isNone || reference.start + ByteCount(reference.length) <= end
          else { throw Malformed("OneNote", "a node leads nowhere", at: place.start) }
          if target == 2 { lists.append(reference) }
        }
        remaining -= 1
        at += size
      }
      left = remaining
      next =
        remaining > 0 ? try Self.wide(bytes, at: bytes.count - 20) : Reference(start: 0, length: 0)
    }
    return lists
  }

  /// Where a node leads: offset and length, plain or in units of 8; nil where it leads nowhere.
  private static func reference(_ bytes: [UInt8], at node: Int, _ word: UInt32) throws
    -> Reference?
  {
    var at = node + 4
    let start: UInt64
    switch word >> 23 & 3 {
    case 0:
      start = try bytes.little(UInt64.self, at: at)
      if start == .max { return nil }
      at += 8
    case 1:
      let short = try bytes.little(UInt32.self, at: at)
      if short == .max { return nil }
      start = UInt64(short)
      at += 4
    case 2:
      start = UInt64(try bytes.little(UInt16.self, at: at)) * 8
      if start == 0xFFFF * 8 { return nil }
      at += 2
    default:
      let short = try bytes.little(UInt32.self, at: at)
      if short == .max { return nil }
      start = UInt64(short) * 8
      at += 4
    }
    let length: UInt64 =
      switch word >> 25 & 3 {
      case 0: UInt64(try bytes.little(UInt32.self, at: at))
      case 1: try bytes.little(UInt64.self, at: at)
      case 2: UInt64(try bytes.little(UInt8.self, at: at)) * 8
      default: UInt64(try bytes.little(UInt16.self, at: at)) * 8
      }
    return Reference(start: ByteOffset(start), length: length)
  }
}
