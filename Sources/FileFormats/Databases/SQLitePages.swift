// SPDX-License-Identifier: Apache-2.0

import Bytes

/// All pages of a database that anything points to, for files whose header does not count them.
///
///     B-tree page: u8 kind (2, 5: interior; 10, 13: leaf)   1 u16 free block   3 u16 cells
///     5 u16 content   8 u32 right child (interior); then u16 offsets of the cells
///     overflow page: u32 next; free trunk page: u32 next, u32 count, page numbers
///
/// - Source: SQLite, *Database File Format*, §1.5 "The Freelist", §1.6 "B-tree Pages", §1.7 "Cell
///   Payload Overflow Pages".
struct SQLitePages {
  private enum Kind { case tree, overflow, trunk, leaf }
  private static let most = 1_000_000
  private static let schemaPage: UInt32 = 1

  private let file: Source
  private let pageSize: UInt64
  private let limit: UInt64
  private var usable = 0
  private var queue: [(UInt32, Kind)] = []
  private var seen: Set<UInt32> = []
  private var highest: UInt32 = 1
  private var schema: Set<UInt32> = []

  /// - Parameter limit: the most pages that there may be.
  init(_ file: Source, pageSize: UInt64, limit: UInt64 = .max) {
    self.file = file
    self.pageSize = pageSize
    self.limit = limit
  }

  /// Whether all pages that anything points to are what they should be.
  mutating func areSound() throws -> Bool {
    do {
      return try last() <= limit
    } catch is Malformed {
      return false
    } catch is Truncated {
      return false
    }
  }

  /// The number of the last page in use; throws `Malformed` where a page is not what it should be.
  mutating func last() throws -> UInt64 {
    let header = try file.read(at: 0, count: 100)
    usable = Int(clamping: pageSize) - Int(header[20])
    guard usable >= 480 else { throw Malformed("SQLite", "its pages are reserved") }
    schema = [Self.schemaPage]
    try enqueue(Self.schemaPage, .tree)
    try enqueue(header.big(UInt32.self, at: 32), .trunk)
    // A database that vacuums itself has maps between its pages, but none at the end.
    while let (page, kind) = queue.popLast() {
      let bytes = try file.read(at: offset(of: page), count: ByteCount(pageSize))
      switch kind {
      case .tree:
        do {
          try takeTree(bytes, page)
        } catch is Truncated {
          throw Malformed("SQLite", "a cell lies outside page \(page)", at: offset(of: page))
        } catch let error as Malformed {
          throw Malformed("SQLite", error.problem, at: offset(of: page))
        }
      case .overflow: try enqueue(bytes.big(UInt32.self, at: 0), .overflow)
      case .trunk: try takeTrunk(bytes, page)
      case .leaf: break
      }
    }
    return UInt64(highest)
  }

  private func offset(of page: UInt32) -> ByteOffset { ByteOffset(UInt64(page &- 1) &* pageSize) }

  private mutating func enqueue(_ page: UInt32, _ kind: Kind) throws {
    guard page > 0, seen.insert(page).inserted else { return }
    guard seen.count < Self.most else { throw Malformed("SQLite", "it has too many pages") }
    guard UInt64(page) <= limit else {
      throw Malformed("SQLite", "page \(page) lies outside", at: 0)
    }
    highest = max(highest, page)
    queue.append((page, kind))
  }

  private mutating func takeTrunk(_ bytes: [UInt8], _ page: UInt32) throws {
    let count = Int(clamping: try bytes.big(UInt32.self, at: 4))
    guard count <= usable / 4 - 2 else {
      throw Malformed("SQLite", "a list of free pages is wrong", at: offset(of: page))
    }
    try enqueue(bytes.big(UInt32.self, at: 0), .trunk)
    for index in 0..<count { try enqueue(bytes.big(UInt32.self, at: 8 + 4 * index), .leaf) }
  }

  private mutating func takeTree(_ bytes: [UInt8], _ page: UInt32) throws {
    let base = page == 1 ? 100 : 0
    let kind = bytes[base]
    let cells = Int(try bytes.big(UInt16.self, at: base + 3))
    let isInterior = kind == 2 || kind == 5
    let cellsEnd = base + (isInterior ? 12 : 8) + 2 * cells
    guard isInterior || kind == 10 || kind == 13, cellsEnd <= usable else {
      throw Malformed("SQLite", "page \(page) is none", at: offset(of: page))
    }
    let isSchema = schema.contains(page)
    if isInterior { try enqueueChild(bytes.big(UInt32.self, at: base + 8), isSchema) }
    for cell in 0..<cells {
      let at = Int(try bytes.big(UInt16.self, at: base + (isInterior ? 12 : 8) + 2 * cell))
      if isInterior { try enqueueChild(bytes.big(UInt32.self, at: at), isSchema) }
      if kind != 5 { try takeCell(bytes, at + (isInterior ? 4 : 0), kind, isSchema) }
    }
  }

  private mutating func enqueueChild(_ page: UInt32, _ isSchema: Bool) throws {
    if isSchema { schema.insert(page) }
    try enqueue(page, .tree)
  }

  /// Takes up where a cell's payload goes on, and, in the schema, the tree it describes.
  private mutating func takeCell(
    _ bytes: [UInt8], _ start: Int, _ kind: UInt8, _ isSchema: Bool
  ) throws {
    var at = start
    let payload = try Self.varint(bytes, &at)
    if kind == 13 { _ = try Self.varint(bytes, &at) }
    let most = kind == 13 ? usable - 35 : (usable - 12) * 64 / 255 - 23
    if payload > UInt64(clamping: most) {
      let least = (usable - 12) * 32 / 255 - 23
      let spilled =
        least + Int(clamping: (payload &- UInt64(clamping: least)) % UInt64(clamping: usable - 4))
      try enqueue(bytes.big(UInt32.self, at: at + (spilled <= most ? spilled : least)), .overflow)
    }
    try checkRecord(bytes, at, payload)
    if isSchema, kind == 13 { try takeSchemaRow(bytes, at) }
  }

  /// The types in a record's header must add up to its payload; a header that does not fit the page
  /// goes unchecked.
  private func checkRecord(_ bytes: [UInt8], _ start: Int, _ payload: UInt64) throws {
    var at = start
    let header = try Self.varint(bytes, &at)
    guard header > 0, header <= payload else {
      throw Malformed("SQLite", "a record's header is none")
    }
    guard header <= 200, start + Int(clamping: header) <= usable else { return }
    var total = header
    while at < start + Int(clamping: header) {
      let type = try Self.varint(bytes, &at)
      let size = type < 12 ? [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][Int(type)] : (type - 12) / 2
      total = total.addingReportingOverflow(size).partialValue
    }
    guard total == payload else { throw Malformed("SQLite", "a record does not add up") }
  }

  /// The fourth column of a row of the schema is the first page of a table or an index.
  private mutating func takeSchemaRow(_ bytes: [UInt8], _ start: Int) throws {
    var at = start
    var body = start + Int(clamping: min(try Self.varint(bytes, &at), 0x1_0000))
    for _ in 0..<3 {
      let type = try Self.varint(bytes, &at)
      guard type >= 12 || type == 0, type < 0x1_0000 else { return }
      body += type == 0 ? 0 : Int(clamping: (type - 12) / 2)
    }
    switch try Self.varint(bytes, &at) {
    case 1: try enqueue(UInt32(try bytes.big(UInt8.self, at: body)), .tree)
    case 2: try enqueue(UInt32(try bytes.big(UInt16.self, at: body)), .tree)
    case 3: try enqueue(try bytes.big(UInt32.self, at: body - 1) & 0xFF_FFFF, .tree)
    case 4: try enqueue(try bytes.big(UInt32.self, at: body), .tree)
    case 9: try enqueue(1, .tree)
    default: break
    }
  }

  private static func varint(_ bytes: [UInt8], _ at: inout Int) throws -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<9 {
      let byte = try bytes.big(UInt8.self, at: at)
      at += 1
      if index == 8 { return value << 8 | UInt64(byte) }
      value = value << 7 | UInt64(byte & 0x7F)
      if byte < 0x80 { break }
    }
    return value
  }
}
