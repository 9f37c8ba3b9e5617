// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// The index of a DVD or of one of its title sets: whole sectors of 2048 bytes, with tables that
  /// begin with sectors.
  ///
  /// | Offset | Size | Field  | Unit                                                          |
  /// |-------:|-----:|--------|---------------------------------------------------------------|
  /// |   0x00 |   12 | id     | "DVDVIDEO-VMG" or "DVDVIDEO-VTS"                              |
  /// |   0x0C |    4 | set    | last sector of the whole set                                  |
  /// |   0x1C |    4 | index  | last sector of this file                                      |
  /// |   0x80 |    4 | head   | last byte of the first table                                  |
  /// |   0xC4 |  9×4 | tables | sectors; 0: none                                              |
  ///
  /// - Source: no specification is public; known from the documentation of players.
  package static let dvdIndex = FileFormat(
    id: "ifo", name: "DVD index", category: .video, extensions: ["ifo", "bup"],
    validation: .structure, signatures: [Signature("DVDVIDEO-VMG"), Signature("DVDVIDEO-VTS")],
    maximumSize: 0x400_0000,
    resembles: { bytes in
      guard let set = try? bytes.big(UInt32.self, at: 0x0C),
        let last = try? bytes.big(UInt32.self, at: 0x1C)
      else { return false }
      return last > 0 && last <= set && last < 0x8000
    }
  ) { file in
    try Examination.walk("ifo", file) { try DVDIndexCheck(file).examination() }
  }
}

/// The check of the tables of a DVD's index.
private struct DVDIndexCheck {
  private static let sector: UInt64 = 2048
  /// Tables of addresses, which have no count in front of their last byte.
  private static let maps: [ByteOffset] = [0xDC, 0xE4]

  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    let last = UInt64(try file.big(UInt32.self, at: 0x1C))
    let end = try ByteOffset(0) + ByteCount(Self.sector) * (last &+ 1)
    guard end <= file.range.upperBound else { throw Truncated() }
    let isDisc = try file.read(at: 0, count: 12) == Array("DVDVIDEO-VMG".utf8)
    var tables = 0
    // The index of the whole disc has its first table where a title set has a reserved field.
    for place in stride(from: UInt64(0xC4), through: 0xE4, by: 4) {
      let first = UInt64(try file.big(UInt32.self, at: ByteOffset(place)))
      if first == 0 || place == 0xC4 && !isDisc { continue }
      guard first <= last else {
        throw Malformed("DVD index", "a table lies beyond the end", at: ByteOffset(place))
      }
      let start = ByteOffset(first &* Self.sector)
      let length = try file.big(
        UInt32.self, at: start + (Self.maps.contains(ByteOffset(place)) ? 0 : 4))
      guard try start + ByteCount(UInt64(length)) < end else {
        throw Malformed("DVD index", "a table reaches beyond the end", at: start)
      }
      tables += 1
    }
    guard tables > 0 else { throw Malformed("DVD index", "it has no table", at: 0) }
    return .whole("ifo", "DVD index", end: end)
  }
}
