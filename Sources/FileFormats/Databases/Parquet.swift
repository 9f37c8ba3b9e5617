// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Apache Parquet: pages of columns, each behind a header with its size, indexes, the metadata,
  /// their size and the magic again.
  ///
  ///     0  "PAR1"; pages: header in Thrift (1: kind, 2: plain size, 3: size), data
  ///     metadata in Thrift (1: version, 3: rows); u32 bytes of them; "PAR1"
  ///
  /// - Source: Apache, *Parquet File Format*, `parquet.thrift`.
  package static let parquet = FileFormat(
    id: "parquet", name: "Parquet data", category: .database, validation: .structure,
    signatures: [Signature([0x50, 0x41, 0x52, 0x31, 0x15])], maximumSize: 0x40_0000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 4, count: 64) else { return false }
      return ParquetWalk.pageSize(head) != nil
    }
  ) { file in
    try Examination.walk("parquet", file) { try ParquetWalk(file).examination() }
  }
}

/// The walk over pages, and the search for the end behind them.
struct ParquetWalk {
  private static let mostPages = 10_000_000
  private static let longestHeader: ByteCount = 0x4000
  /// The most that indexes and metadata may take.
  private static let longestTail: ByteCount = 0x100_0000
  private static let magic = Array("PAR1".utf8)

  private let file: Source

  init(_ file: Source) { self.file = file }

  /// The bytes of a page's header and of its data; nil where no page starts, or its header is
  /// longer than what is there.
  static func pageSize(_ bytes: [UInt8]) -> (header: Int, data: UInt64)? {
    guard bytes.first == 0x15 else { return nil }
    var reader = ThriftCompact(bytes)
    let fields: [Int: Int64]
    do {
      fields = try reader.integers()
    } catch {
      // Statistics may make the first header longer than a short look.
      return error is Truncated && bytes.count < 100 ? (bytes.count, 0) : nil
    }
    guard let kind = fields[1], (0...3).contains(kind), let plain = fields[2], plain >= 0,
      let size = fields[3], (0...0x7FFF_FFFF).contains(size)
    else { return nil }
    return (reader.position, UInt64(size))
  }

  func examination() throws -> Examination {
    var window = Window(file, span: 0x1_0000)
    var position: ByteOffset = 4
    var pages = 0
    while pages < Self.mostPages, try window.byte(at: position) == 0x15 {
      let rest = (position..<file.range.upperBound).length
      let count = Int(clamping: min(rest, Self.longestHeader).rawValue)
      guard let page = Self.pageSize(try window.copy(at: position, count: count)) else { break }
      let end = try position + ByteCount(clamping: page.header) + ByteCount(page.data)
      guard end <= file.range.upperBound else { throw Truncated() }
      position = end
      pages += 1
    }
    guard pages > 0 else { throw Malformed("Parquet", "no page starts here", at: position) }
    return try complete(from: position)
  }

  /// Where the magic stands behind a size that leads back to metadata.
  private func complete(from start: ByteOffset) throws -> Examination {
    let bytes = try file.readPrefix(at: start, count: Self.longestTail)
    var index = 0
    while let place = bytes.withSpan({ $0.firstIndex(of: Self.magic, from: index) }) {
      index = place + 1
      guard place >= 8 else { continue }
      let size = Int(clamping: try bytes.little(UInt32.self, at: place - 4))
      guard size > 4, size <= place - 4, bytes[place - 4 - size] == 0x15 else { continue }
      var reader = ThriftCompact(Array(bytes[(place - 4 - size)..<(place - 4)]))
      guard let fields = try? reader.integers(), fields[1] != nil, fields[3] != nil,
        reader.position == size
      else { continue }
      return Examination.whole(
        "parquet", "Parquet", end: try start + ByteCount(clamping: place + 4),
        and: [.payloadUnchecked])
    }
    if bytes.count < Int(clamping: Self.longestTail.rawValue) { throw Truncated() }
    throw Malformed("Parquet", "no metadata follow its pages", at: start)
  }
}
