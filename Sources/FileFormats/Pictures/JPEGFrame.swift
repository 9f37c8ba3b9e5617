// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The size of a JPEG picture and its components.
///
/// | Offset | Size | Field           | Unit                                        |
/// |-------:|-----:|-----------------|---------------------------------------------|
/// |   0x00 |    1 | precision       | bits a sample                               |
/// |   0x01 |    2 | height          | lines; 0 where stated behind the first scan |
/// |   0x03 |    2 | width           | samples a line                              |
/// |   0x05 |    1 | component count | then three bytes each: id, factors, table   |
///
/// - Source: ITU-T T.81 (1992), §B.2.2 "Frame header syntax".
struct JPEGFrame {
  /// One colour channel.
  struct Component {
    let id: UInt8
    let horizontal: Int
    let vertical: Int
    let table: Int
    /// Blocks in a line and lines of blocks, where the component has a scan of its own.
    let ownColumns: Int
    let ownRows: Int
    /// The same, filled up to whole units of a scan of several components.
    let columns: Int
    let rows: Int
  }

  /// The most blocks whose coefficients are remembered: 250 megapixels.
  private static let mostBlocks = 6_000_000

  let isProgressive: Bool
  let precision: Int
  let components: [Component]
  let unitColumns: Int
  let unitRows: Int
  /// Whether the coding is one that is decoded here: Huffman, sequential or progressive.
  let canBeDecoded: Bool

  /// - Parameter offset: where the segment stands, for the error.
  init(marker: UInt8, parsing bytes: [UInt8], at offset: ByteOffset) throws {
    let precision = Int(try bytes.little(UInt8.self, at: 0))
    let height = Int(try bytes.big(UInt16.self, at: 1))
    let width = Int(try bytes.big(UInt16.self, at: 3))
    let count = Int(try bytes.little(UInt8.self, at: 5))
    guard (2...16).contains(precision), width > 0, (1...4).contains(count) else {
      throw Malformed("JPEG", "an impossible frame", at: offset)
    }
    let heads = try (0..<count).map { try bytes.copy(at: 6 + 3 * $0, count: 3) }
    let isSound = heads.allSatisfy {
      (1...4).contains($0[1] >> 4) && (1...4).contains($0[1] & 15) && $0[2] < 4
    }
    guard isSound, Set(heads.map { $0[0] }).count == count else {
      throw Malformed("JPEG", "an impossible component", at: offset)
    }
    let widest = heads.map { Int($0[1] >> 4) }.max() ?? 1
    let tallest = heads.map { Int($0[1] & 15) }.max() ?? 1
    let unitColumns = Self.quotient(width, 8 * widest)
    let unitRows = Self.quotient(height, 8 * tallest)
    components = heads.map { head in
      let horizontal = Int(head[1] >> 4)
      let vertical = Int(head[1] & 15)
      return Component(
        id: head[0], horizontal: horizontal, vertical: vertical, table: Int(head[2]),
        ownColumns: Self.quotient(Self.quotient(width * horizontal, widest), 8),
        ownRows: Self.quotient(Self.quotient(height * vertical, tallest), 8),
        columns: unitColumns * horizontal, rows: unitRows * vertical)
    }
    self.unitColumns = unitColumns
    self.unitRows = unitRows
    self.precision = precision
    isProgressive = marker == 0xC2
    let blocks = components.reduce(0) { $0 + $1.columns * $1.rows }
    canBeDecoded =
      marker <= 0xC2 && height > 0 && (precision == 8 || precision == 12)
      && (!isProgressive || blocks <= Self.mostBlocks)
  }

  /// The quotient, rounded up; both numbers are small and positive.
  private static func quotient(_ number: Int, _ divisor: Int) -> Int {
    (number + divisor - 1) / divisor
  }
}
