// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings

/// One chunk of a PNG picture, between its length and its checksum.
///
/// | Offset | Size | Field    | Unit                              |
/// |-------:|-----:|----------|-----------------------------------|
/// |   0x00 |    4 | length   | bytes of data; big-endian         |
/// |   0x04 |    4 | type     | four letters                      |
/// |   0x08 |    … | data     |                                   |
/// |      … |    4 | checksum | CRC-32 over type and data         |
///
/// - Source: W3C, *PNG Specification (Third Edition)*, §5.3 "Chunk layout".
struct PNGChunk {
  let start: ByteOffset
  let length: ByteCount
  let type: String
  let end: ByteOffset

  /// Reads a chunk's head; throws `Malformed` where no chunk can stand, and `Truncated` where the
  /// chunk reaches beyond the file.
  init(in file: Source, at start: ByteOffset) throws {
    let head = try file.read(at: start, count: 8)
    let count = try head.big(UInt32.self, at: 0)
    let letters = try head.copy(at: 4, count: 4)
    guard count <= 0x4000_0000, letters.allSatisfy(Self.isLetter) else {
      throw Malformed("PNG", "no chunk starts here", at: start)
    }
    self.start = start
    length = ByteCount(UInt64(count))
    type = String(decoding: letters, as: UTF8.self)
    end = try start + length + 12
    guard end <= file.range.upperBound else { throw Truncated() }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  /// Whether the CRC over type and data is the one that stands behind them.
  func checksumHolds(in file: Source) throws -> Bool {
    var crc = CRC32(.iso)
    var position = try start + 4
    let stop = try start + length + 8
    while position < stop {
      let next = min(stop, position.advancedClamped(by: 0x10_0000))
      try file.withBytes(in: position..<next) { crc.update($0) }
      position = next
    }
    return try file.big(UInt32.self, at: stop) == crc.value
  }

  /// The value of a text chunk with this keyword; nil for another one.
  func text(in file: Source, keyword: String) throws -> String? {
    let data = try file.read(at: start + 8, count: min(length, 600))
    let key = Array(keyword.utf8) + [0]
    return data.holds(key, at: 0) ? ContentText.text(data.dropFirst(key.count)) : nil
  }

  /// The moment that a time chunk states.
  func time(in file: Source) throws -> Timestamp? {
    guard length == 7 else { return nil }
    let data = try file.read(at: start + 8, count: 7)
    return Timestamp(
      year: Int(try data.big(UInt16.self, at: 0)), month: Int(data[2]), day: Int(data[3]),
      hour: Int(data[4]), minute: Int(data[5]), second: Int(data[6]))
  }
}
