// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Databases of Microsoft's Extensible Storage Engine: Windows search, browser caches, Exchange.
  ///
  ///     4  EF CD AB 89   8  u32 620   12  u32 0: database   236  u32 page size (0: 4096)
  ///     a copy of the header fills the second page, and page n stands at (n + 1) pages
  ///
  /// - Source: J. Metz, *Extensible Storage Engine (ESE) Database File (EDB) format*; Microsoft,
  ///   *Extensible-Storage-Engine*, `cpage.hxx`, `space.cxx`.
  package static let ese = FileFormat(
    id: "edb", name: "ESE database", category: .database, extensions: ["edb", "vol", "dit"],
    validation: .reasoning,
    signatures: [Signature([0xEF, 0xCD, 0xAB, 0x89, 0x20, 6, 0, 0, 0, 0, 0, 0], at: 4)],
    maximumSize: 0x100_0000_0000,
    resembles: { bytes in
      guard let size = try? bytes.little(UInt32.self, at: 236) else { return false }
      return [0, 2048, 4096, 8192, 16_384, 32_768].contains(size)
    }
  ) { file in
    try Examination.walk("edb", file) { try ESEWalk(file).examination() }
  }
}

/// The walk over a database's pages.
///
/// | Offset | Size | Field       | Unit                                                       |
/// |-------:|-----:|-------------|------------------------------------------------------------|
/// |   0x18 |    4 | tree        | number of the tree that the page belongs to                |
/// |   0x1C |    2 | free        | bytes                                                      |
/// |   0x20 |    2 | first free  | offset                                                     |
/// |   0x22 |    2 | tags        | each of 4 bytes, from the page's end backwards             |
/// |   0x24 |    4 | flags       | bit 1: leaf                                                |
/// |   0x40 |    8 | page number | pages from 16 KiB on only                                  |
private struct ESEWalk {
  private static let magic: [UInt8] = [0xEF, 0xCD, 0xAB, 0x89]
  private static let mostPages: UInt64 = 0x1000_0000
  private static let deepest = 8
  /// The longest run of pages never written that is looked at.
  private static let mostBlank: UInt64 = 0x1_0000

  private let file: Source
  private let pageSize: UInt64

  init(_ file: Source) throws {
    self.file = file
    let size = UInt64(try file.little(UInt32.self, at: 236))
    pageSize = size == 0 ? 4096 : size
    guard try file.read(at: ByteOffset(pageSize + 4), count: 4) == Self.magic else {
      throw Malformed("ESE", "no copy follows its header", at: ByteOffset(pageSize))
    }
  }

  private var isLarge: Bool { pageSize >= 16_384 }

  private func offset(of page: UInt64) -> ByteOffset { ByteOffset((page &+ 1) &* pageSize) }

  func examination() throws -> Examination {
    let owned = try? lastOwnedPage()
    var page: UInt64 = 1
    var lastUsed: UInt64 = 0
    while page <= min(owned ?? .max, lastUsed + Self.mostBlank, Self.mostPages) {
      let head = try file.readPrefix(at: offset(of: page), count: 80)
      guard head.count == 80 else {
        if owned != nil { throw Truncated() }
        break
      }
      if isPage(head, page) {
        lastUsed = page
      } else if head.contains(where: { $0 != 0 }) {
        if owned != nil { throw Malformed("ESE", "page \(page) is none", at: offset(of: page)) }
        break
      }
      page &+= 1
    }
    guard lastUsed > 3 else {
      throw Malformed("ESE", "its first pages are none", at: offset(of: 1))
    }
    let end = offset(of: (owned ?? lastUsed) &+ 1)
    guard end <= file.range.upperBound else { throw Truncated() }
    return Examination.whole("edb", "ESE", end: end, and: [.endReasoned])
  }

  /// Whether a page's head can be one.
  private func isPage(_ head: [UInt8], _ page: UInt64) -> Bool {
    guard let tree = try? head.little(UInt32.self, at: 24),
      let free = try? head.little(UInt16.self, at: 28),
      let firstFree = try? head.little(UInt16.self, at: 32),
      let tags = try? head.little(UInt16.self, at: 34),
      let flags = try? head.little(UInt32.self, at: 36),
      let number = try? head.little(UInt64.self, at: 64)
    else { return false }
    return tree > 0 && UInt64(free) <= pageSize && UInt64(firstFree) <= pageSize
      && UInt64(tags) <= pageSize / 4 && flags > 0 && flags < 0x10_0000
      && (!isLarge || number == page)
  }

  /// The last page that the tree of owned extents names: the end of its last extent.
  private func lastOwnedPage() throws -> UInt64 {
    let root = try entry(of: page(1), 0)
    var number = UInt64(try root.little(UInt32.self, at: 12))
    for _ in 0..<Self.deepest {
      let bytes = try page(number)
      let count = Int(try bytes.little(UInt16.self, at: 34))
      guard isPage(Array(bytes[..<80]), number), count > 1 else { break }
      let node = try entry(of: bytes, count - 1)
      // A key that shares its first bytes with others says so before its own length.
      let isShared = try flags(of: bytes, count - 1) & 4 != 0
      let at = isShared ? 2 : 0
      let keySize = Int(try node.little(UInt16.self, at: at) & 0x1FFF)
      if try bytes.little(UInt32.self, at: 36) & 2 == 0 {
        number = UInt64(try node.little(UInt32.self, at: at + 2 + keySize))
        continue
      }
      guard !isShared, keySize >= 4 else { break }
      let last = UInt64(try node.big(UInt32.self, at: at + 2 + keySize - 4))
      guard last > 3, last < Self.mostPages else { break }
      return last
    }
    throw Malformed("ESE", "its extents are none", at: offset(of: 1))
  }

  private func page(_ number: UInt64) throws -> [UInt8] {
    guard (1...Self.mostPages).contains(number) else { throw Malformed("ESE", "no such page") }
    return try file.read(at: offset(of: number), count: ByteCount(pageSize))
  }

  private func tag(of page: [UInt8], _ index: Int) throws -> (size: Int, start: Int) {
    let at = page.count - 4 * (index + 1)
    return (
      Int(try page.little(UInt16.self, at: at)), Int(try page.little(UInt16.self, at: at + 2))
    )
  }

  /// The bytes that a tag names.
  private func entry(of page: [UInt8], _ index: Int) throws -> [UInt8] {
    let tag = try tag(of: page, index)
    let mask = isLarge ? 0x7FFF : 0x1FFF
    return try page.copy(at: (isLarge ? 80 : 40) + (tag.start & mask), count: tag.size & mask)
  }

  /// The three flags of an entry: in the tag, or in large pages in the entry's first word.
  private func flags(of page: [UInt8], _ index: Int) throws -> Int {
    if !isLarge { return try tag(of: page, index).start >> 13 }
    return Int(try entry(of: page, index).little(UInt16.self, at: 0) >> 13)
  }
}
