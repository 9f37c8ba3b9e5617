// SPDX-License-Identifier: Apache-2.0

import Bytes

/// An entry of an ISO 9660 directory.
///
/// | Offset | Size | Field  | Unit                              |
/// |-------:|-----:|--------|-----------------------------------|
/// |   0x00 |    1 | length | bytes                             |
/// |   0x02 |    8 | block  | little-endian, then big-endian    |
/// |   0x0A |    8 | size   | bytes; the same way               |
/// |   0x19 |    1 | flags  | bit 1: a directory                |
/// |   0x20 |    1 | name   | its length; the name follows      |
///
/// - Source: ECMA-119, §9.1 "Format of a Directory Record".
struct ISODirectoryRecord {
  let length: Int
  let block: UInt32
  let size: UInt32
  let isDirectory: Bool
  /// Whether it stands for the directory itself or the one above it.
  let isSpecial: Bool

  init(_ bytes: [UInt8], at start: Int) throws {
    length = Int(try bytes.little(UInt8.self, at: start))
    let name = Int(try bytes.little(UInt8.self, at: start + 32))
    block = try bytes.little(UInt32.self, at: start + 2)
    size = try bytes.little(UInt32.self, at: start + 10)
    guard length >= 34, name > 0, 33 + name <= length,
      try bytes.big(UInt32.self, at: start + 6) == block,
      try bytes.big(UInt32.self, at: start + 14) == size
    else { throw Malformed("ISO 9660", "a directory's entry is none") }
    isDirectory = try bytes.little(UInt8.self, at: start + 25) & 2 != 0
    isSpecial = try name == 1 && bytes.little(UInt8.self, at: start + 33) <= 1
  }
}
