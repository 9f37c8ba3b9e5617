// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings

/// The walk over a store's trees and all blocks that they name.
///
/// Header; where 64-bit stores differ, their offset stands in brackets:
///
/// |       Offset | Size | Field     | Unit                                            |
/// |-------------:|-----:|-----------|-------------------------------------------------|
/// |         0x04 |    4 | checksum  | CRC-32, not inverted, over 471 bytes from 8 on  |
/// |         0x08 |    2 | client    | `SM`: pst, `SO`: ost, `AB`: pab                 |
/// |         0x0A |    2 | version   | 14, 15: 32 bits; from 20 on: 64; 36: 4 KiB pages |
/// |  0xA8 [0xB8] |    4 | end       | bytes of the file                               |
/// |  0xBC [0xE0] |    4 | nodes     | offset of the root of their tree                |
/// |  0xC4 [0xF0] |    4 | blocks    | offset of the root of their tree                |
///
/// - Source: Microsoft, *[MS-PST]*, §2.2.2.6 "HEADER", §2.2.2.7 "Pages", §2.2.2.8 "Blocks".
struct PSTWalk {
  private static let deepest: UInt8 = 8
  private static let nodeType: UInt8 = 0x81
  private static let blockType: UInt8 = 0x80
  private static let mostRanges = 4_000_000
  /// Maps of free space stand at these places, up to three at a time.
  private static let firstMap: ByteOffset = 0x4400
  private static let mapInterval: ByteCount = 253_952
  private static let mapSize: ByteCount = 1536
  /// Free space from here on may hide a foreign block.
  private static let longestGap: ByteCount = 4096

  private let file: Source
  private let header: [UInt8]
  private let version: UInt16
  private var checked: UInt64 = 1
  private var visited: Set<UInt64> = []
  private var covered: [Range<ByteOffset>] = []

  init(_ file: Source) throws {
    self.file = file
    header = try file.read(at: 0, count: 512)
    version = try header.little(UInt16.self, at: 10)
    guard Self.checksum(header[8..<479]) == (try header.little(UInt32.self, at: 4)) else {
      throw Malformed("PST", "the checksum of its header is wrong")
    }
  }

  private var isWide: Bool { version >= 20 }
  private var wordSize: Int { isWide ? 8 : 4 }

  mutating func examination() throws -> Examination {
    let end = ByteOffset(try word(header, at: isWide ? 0xB8 : 0xA8))
    guard end > 512 else { throw Malformed("PST", "its size is none") }
    guard end <= file.range.upperBound else { throw Truncated() }
    if version != 36 {
      try walk(
        page: try word(header, at: isWide ? 0xE0 : 0xBC), type: Self.nodeType, level: nil, end)
      try walk(
        page: try word(header, at: isWide ? 0xF0 : 0xC4), type: Self.blockType, level: nil, end)
    }
    let proof: [Evidence] =
      version == 36
      ? [.payloadUnchecked]
      : try coversAll(to: end)
        ? [.checksumsHold(count: checked, kind: "CRC-32")] : [.payloadUnchecked]
    var result = Examination.whole("pst", "PST", end: end, and: proof)
    result.type = header[8] == 0x41 ? "pab" : header[9] == 0x4F ? "ost" : "pst"
    return result
  }

  /// Whether checksums leave no more than small gaps between blocks and pages unchecked; free space
  /// has none.
  private mutating func coversAll(to end: ByteOffset) throws -> Bool {
    guard covered.count < Self.mostRanges else { return false }
    var at = Self.firstMap
    covered.append(0..<at)
    while at < end {
      covered.append(try Range(at: at, count: Self.mapSize))
      at = try at + Self.mapInterval
    }
    covered.append(end..<end)
    var reached: ByteOffset = 0
    for range in covered.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      guard range.lowerBound <= (try reached + Self.longestGap) else { return false }
      reached = max(reached, range.upperBound)
    }
    return true
  }

  private mutating func cover(_ start: ByteOffset, _ count: Int) throws {
    guard covered.count < Self.mostRanges else { return }
    covered.append(try Range(at: start, count: ByteCount(clamping: count)))
  }

  private func word(_ bytes: [UInt8], at offset: Int) throws -> UInt64 {
    isWide ? try bytes.little(at: offset) : UInt64(try bytes.little(UInt32.self, at: offset))
  }

  /// The CRC-32 whose register neither starts nor ends inverted.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var crc = CRC32(.iso, state: 0)
    crc.update(Array(bytes))
    return crc.register
  }

  /// Checks a page of a tree and all below it; of the tree of blocks, the blocks too.
  private mutating func walk(
    page start: UInt64, type: UInt8, level: UInt8?, _ end: ByteOffset
  ) throws {
    let at = ByteOffset(start)
    guard visited.insert(start).inserted, at < end else {
      throw Malformed("PST", "a page is where none may be", at: at)
    }
    let page = try file.read(at: at, count: 512)
    let size = isWide ? 496 : 500
    let tail = size - (isWide ? 8 : 4)
    guard page[size] == type, page[size + 1] == type,
      Self.checksum(page[..<size]) == (try page.little(UInt32.self, at: isWide ? 500 : 508))
    else { throw Malformed("PST", "the checksum of a page is wrong", at: at) }
    checked &+= 1
    try cover(at, 512)
    let (count, entry, depth) = (Int(page[tail]), Int(page[tail + 2]), page[tail + 3])
    guard depth <= Self.deepest, level == nil || depth == level, count * entry <= tail,
      entry >= 3 * wordSize
    else { throw Malformed("PST", "a page is wrong", at: at) }
    for index in 0..<count {
      let reference = index * entry
      if depth > 0 {
        let child = try word(page, at: reference + 2 * wordSize)
        try walk(page: child, type: type, level: depth - 1, end)
      } else if type == Self.blockType {
        try checkBlock(
          try word(page, at: reference + wordSize),
          size: Int(try page.little(UInt16.self, at: reference + 2 * wordSize)), end)
      }
    }
  }

  /// Compares a block with the checksum in its trailer, which ends with a multiple of 64 bytes.
  private mutating func checkBlock(_ start: UInt64, size: Int, _ end: ByteOffset) throws {
    let at = ByteOffset(start)
    let trailer = isWide ? 16 : 12
    let total = (size + trailer + 63) & ~63
    guard try at + ByteCount(clamping: total) <= end, visited.insert(start).inserted else {
      throw Malformed("PST", "a block is where none may be", at: at)
    }
    let block = try file.read(at: at, count: ByteCount(clamping: total))
    let place = total - trailer
    guard Int(try block.little(UInt16.self, at: place)) == size,
      Self.checksum(block[..<size]) == (try block.little(UInt32.self, at: place + (isWide ? 4 : 8)))
    else { throw Malformed("PST", "the checksum of a block is wrong", at: at) }
    checked &+= 1
    try cover(at, total)
  }
}
