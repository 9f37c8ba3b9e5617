// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Silicon Graphics pictures: a header of 512 bytes and plain rows, or tables of where each row's run
  /// lengths stand.
  ///
  /// | Offset | Size | Field      | Unit                                   |
  /// |-------:|-----:|------------|----------------------------------------|
  /// |   0x00 |    2 | 01 DA      |                                        |
  /// |   0x02 |    1 | storage    | 0 plain, 1 run lengths                 |
  /// |   0x03 |    1 | sample     | bytes                                  |
  /// |   0x04 |    2 | dimensions |                                        |
  /// |   0x06 |    6 | x, y, z    | pixels, rows, channels                 |
  /// |   0x18 |   80 | name       |                                        |
  /// |  0x200 |      | rows; or u32 offsets, then u32 lengths of y × z rows |
  ///
  /// - Source: P. Haeberli, *The SGI Image File Format*, version 1.00.
  package static let sgi = FileFormat(
    id: "sgi", name: "SGI picture", category: .photo,
    extensions: ["sgi", "rgb", "rgba", "bw", "int"],
    validation: .decoding,
    signatures: ([0, 1] as [UInt8]).flatMap { storage in
      ([1, 2] as [UInt8]).flatMap { sample in
        ([1, 2, 3] as [UInt8]).map { Signature([0x01, 0xDA, storage, sample, 0, $0]) }
      }
    },
    maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      guard let width = try? bytes.big(UInt16.self, at: 6),
        let height = try? bytes.big(UInt16.self, at: 8),
        let channels = try? bytes.big(UInt16.self, at: 10),
        let map = try? bytes.big(UInt32.self, at: 104)
      else { return false }
      return width > 0 && height > 0 && (1...64).contains(channels) && map <= 3
    }
  ) { file in
    try Examination.walk("sgi", file) { try SGIWalk(file).examination() }
  }
}

/// The walk over the rows of an SGI picture.
private struct SGIWalk {
  /// The most rows that are decoded.
  private static let mostRows: UInt64 = 400_000

  private let file: Source
  private let isCoded: Bool
  private let sample: UInt64
  private let width: UInt64
  private let rows: UInt64
  private let name: String?

  init(_ file: Source) throws {
    self.file = file
    let head = try file.read(at: 0, count: 512)
    isCoded = head[2] == 1
    sample = UInt64(head[3])
    let dimensions = try head.big(UInt16.self, at: 4)
    width = UInt64(try head.big(UInt16.self, at: 6))
    let height = dimensions > 1 ? UInt64(try head.big(UInt16.self, at: 8)) : 1
    let channels = dimensions > 2 ? UInt64(try head.big(UInt16.self, at: 10)) : 1
    guard width > 0, height > 0, (1...64).contains(channels) else {
      throw Malformed("SGI", "an impossible header", at: 4)
    }
    rows = height &* channels
    name = ContentText.text(head[24..<104])
  }

  func examination() throws -> Examination {
    let (end, isDecoded) =
      try isCoded ? followed() : (ByteOffset(512) + ByteCount(rows &* width &* sample), false)
    guard end <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole(
      "sgi", "SGI", end: end, and: isDecoded ? [.decoded("SGI")] : [.payloadUnchecked])
    if name != "no name" { result.name = name }
    return result
  }

  /// Where the last row ends, and whether all rows were decoded.
  private func followed() throws -> (ByteOffset, Bool) {
    let tables = try ByteOffset(512) + ByteCount(rows &* 8)
    guard tables <= file.range.upperBound else { throw Truncated() }
    var starts = Window(file)
    var lengths = Window(file)
    var end = tables
    var codes: [UInt32: UInt32] = [:]
    for row in 0..<rows {
      let start = try starts.big(UInt32.self, at: ByteOffset(512 &+ 4 &* row))
      let length = try lengths.big(UInt32.self, at: ByteOffset(512 &+ 4 &* (rows &+ row)))
      guard ByteOffset(UInt64(start)) >= tables, length > 0 else {
        throw Malformed("SGI", "an impossible row", at: ByteOffset(512 &+ 4 &* row))
      }
      end = max(end, ByteOffset(UInt64(start) &+ UInt64(length)))
      // Rows that are alike may share their codes.
      if rows <= Self.mostRows { codes[start] = max(codes[start] ?? 0, length) }
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    guard rows <= Self.mostRows else { return (end, false) }
    guard codes.values.reduce(0, { $0 &+ UInt64($1) }) <= end.rawValue else { return (end, false) }
    var data = Window(file)
    for (start, length) in codes.sorted(by: { $0.key < $1.key }) {
      try check(&data, Range(at: ByteOffset(UInt64(start)), count: ByteCount(UInt64(length))))
    }
    return (end, true)
  }

  private func check(_ window: inout Window, _ row: Range<ByteOffset>) throws {
    var position = row.lowerBound
    var left = width
    while left > 0 {
      // The code stands in the lower byte of a sample of two.
      let lead = try window.byte(at: position + ByteCount(sample &- 1))
      let count = UInt64(lead & 0x7F)
      guard count > 0, count <= left else {
        throw Malformed("SGI", "a run leaves its row", at: position)
      }
      left &-= count
      position = try position + ByteCount((lead & 0x80 != 0 ? count &+ 1 : 2) &* sample)
    }
    guard position <= row.upperBound else {
      throw Malformed("SGI", "a row is longer than stated", at: row.lowerBound)
    }
  }
}
