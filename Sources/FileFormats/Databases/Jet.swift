// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Microsoft Access databases: pages of one size, each with its type; a map of all pages says
  /// which are free, and so which is the last.
  ///
  ///     0  00 01 00 00   4  "Standard Jet DB\0" or "Standard ACE DB\0"   20  u32 version, 0: pages
  ///     of 2048 bytes, later 4096
  ///     page 1, its last row: u8 0, u32 first page, bits (1: free); or u8 1, u32 pages of such
  ///     maps
  ///
  /// - Source: B. Bruns, *MDB Tools: HACKING*, "Usage Maps"; Jackcess, "UsageMap".
  package static let jet = FileFormat(
    id: "mdb", name: "Access database", category: .database,
    extensions: ["mdb", "accdb", "mde", "accde", "mda", "mdt", "accdt", "mdw"],
    validation: .size,
    signatures: [
      Signature([0, 1, 0, 0] + Array("Standard Jet DB\0".utf8)),
      Signature([0, 1, 0, 0] + Array("Standard ACE DB\0".utf8)),
    ],
    maximumSize: 0x1_0000_0000,
    resembles: { bytes in ((try? bytes.little(UInt32.self, at: 20)) ?? 0) < 16 }
  ) { file in
    try Examination.walk("mdb", file) { try JetWalk(file).examination() }
  }
}

/// The walk over a database's pages.
private struct JetWalk {
  private static let mostPages: UInt64 = 0x10_0000

  private let file: Source
  private let pageSize: UInt64
  private let isACE: Bool

  init(_ file: Source) throws {
    self.file = file
    let head = try file.read(at: 0, count: 24)
    pageSize = try head.little(UInt32.self, at: 20) == 0 ? 2048 : 4096
    isACE = head[13] == 0x41
  }

  func examination() throws -> Examination {
    let used = try usedPages()
    guard let last = used.indices.last(where: { used[$0] }) else {
      throw Malformed("Access", "its map of pages is empty", at: ByteOffset(pageSize))
    }
    let count = UInt64(last) + 1
    for page in 1..<count where used[Int(page)] {
      guard offset(of: page + 1) <= file.range.upperBound else { throw Truncated() }
      guard try isPage(page) else {
        throw Malformed("Access", "page \(page) is none", at: offset(of: page))
      }
    }
    // Pages that were freed last stay behind the last used one, with their types.
    var end = count
    while end < UInt64(used.count), offset(of: end + 1) <= file.range.upperBound,
      try isPage(end, andFilled: true)
    {
      end += 1
    }
    var result = Examination.whole(
      "mdb", "Access", end: offset(of: end),
      and: [.payloadUnchecked] + (end > count ? [.endReasoned] : []))
    result.type = isACE ? "accdb" : "mdb"
    return result
  }

  private func offset(of page: UInt64) -> ByteOffset { ByteOffset(page &* pageSize) }

  /// Whether a page has one of the types, or was never written.
  private func isPage(_ page: UInt64, andFilled isFilled: Bool = false) throws -> Bool {
    let head = try file.read(at: offset(of: page), count: 4)
    return ((1...8).contains(head[0]) && head[1] == 1) || (!isFilled && head == [0, 0, 0, 0])
  }

  /// Which pages are in use, from the map of all pages.
  private func usedPages() throws -> [Bool] {
    let page = try file.read(at: ByteOffset(pageSize), count: ByteCount(pageSize))
    let start = Int(try page.little(UInt16.self, at: pageSize == 2048 ? 10 : 14) & 0x1FFF)
    guard page.holds([1, 1], at: 0), start + 5 < page.count else {
      throw Malformed(
        "Access", "its map of pages is none; it may be encrypted", at: ByteOffset(pageSize))
    }
    let row = page[start...]
    let first = UInt64(try page.little(UInt32.self, at: start + 1))
    switch row.first {
    case 0 where first <= Self.mostPages:
      return [Bool](repeating: true, count: Int(clamping: first)) + Self.zeroBits(row.dropFirst(5))
    case 1:
      return try mappedPages(Array(row.dropFirst()))
    default:
      throw Malformed("Access", "its map of pages is none", at: ByteOffset(pageSize))
    }
  }

  /// The bits of the pages that a map names, one behind the other.
  private func mappedPages(_ row: [UInt8]) throws -> [Bool] {
    var used: [Bool] = []
    let maps = try stride(from: 0, to: row.count & ~3, by: 4).map {
      UInt64(try row.little(UInt32.self, at: $0))
    }
    guard let last = maps.lastIndex(where: { $0 != 0 }) else { return [] }
    for map in maps[...last] {
      if map == 0 {
        used += [Bool](repeating: true, count: Int(clamping: (pageSize - 4) * 8))
        continue
      }
      guard map < Self.mostPages else {
        throw Malformed("Access", "its map of pages points outside", at: ByteOffset(pageSize))
      }
      let page = try file.read(at: offset(of: map), count: ByteCount(pageSize))
      guard page[0] == 5 else {
        throw Malformed("Access", "a map of pages is none", at: offset(of: map))
      }
      used += Self.zeroBits(page.dropFirst(4))
      guard UInt64(used.count) <= Self.mostPages else { break }
    }
    return used
  }

  private static func zeroBits(_ bytes: ArraySlice<UInt8>) -> [Bool] {
    bytes.flatMap { byte in (0..<8).map { byte >> $0 & 1 == 0 } }
  }
}
