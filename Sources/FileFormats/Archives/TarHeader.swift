// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The header of a tar archive's member: one block of text fields, the data behind it.
///
/// | Offset | Size | Field    | Unit                                                  |
/// |-------:|-----:|----------|-------------------------------------------------------|
/// |   0x00 |  100 | name     |                                                       |
/// |   0x64 |    8 | mode     | octal                                                 |
/// |   0x7C |   12 | size     | bytes, octal; from a first byte 0x80 on big-endian    |
/// |   0x88 |   12 | mtime    | seconds since 1970, octal                             |
/// |   0x94 |    8 | checksum | sum of the block, this field as blanks; octal         |
/// |   0x9C |    1 | type     |                                                       |
/// |  0x101 |    8 | magic    | `ustar\0` `00`, GNU: `ustar  \0`, old: nothing        |
/// |  0x159 |  155 | prefix   | before the name, where the magic is POSIX's           |
/// |  0x1E2 |    1 | extended | GNU sparse: a block with more of the map follows      |
///
/// - Source: IEEE Std 1003.1, *pax*, "ustar Interchange Format"; GNU tar manual, "Basic Tar
///   Format".
struct TarHeader {
  static let blockSize: ByteCount = 512

  let bytes: [UInt8]
  let size: UInt64
  let type: UInt8

  /// Nil where the block is no header.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 512, bytes[0] != 0 || bytes[345] != 0,
      Self.checksumHolds(bytes), let size = Self.number(bytes[124..<136])
    else { return nil }
    self.bytes = bytes
    self.size = size
    type = bytes[156]
  }

  /// Whether the sum of all bytes, as unsigned or, as some have it, signed ones, is the one stated.
  static func checksumHolds(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 512, let stated = number(bytes[148..<156]) else { return false }
    var (plain, signed) = (8 * 0x20, 8 * 0x20)
    for index in 0..<512 where !(148..<156).contains(index) {
      plain += Int(bytes[index])
      signed += Int(Int8(bitPattern: bytes[index]))
    }
    return stated == UInt64(plain) || (signed >= 0 && stated == UInt64(signed))
  }

  /// Octal digits between blanks, or a big-endian number with the first bit set.
  static func number(_ field: ArraySlice<UInt8>) -> UInt64? {
    if field.first == 0x80 {
      guard field.dropFirst().dropLast(8).allSatisfy({ $0 == 0 }) else { return nil }
      return field.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
    let digits = field.drop { $0 == 0x20 || $0 == 0 }
    var value: UInt64 = 0
    for (index, digit) in digits.enumerated() {
      if digit == 0x20 || digit == 0 { return index > 0 ? value : nil }
      guard (0x30...0x37).contains(digit), value >> 60 == 0 else { return nil }
      value = value << 3 | UInt64(digit & 7)
    }
    return value
  }

  var name: String? {
    let own = ContentText.text(bytes[..<100])
    guard bytes.holds(Array("ustar\0".utf8), at: 257),
      let prefix = ContentText.text(bytes[345..<500])
    else { return own }
    return prefix + "/" + (own ?? "")
  }

  var date: Timestamp? {
    guard let seconds = Self.number(bytes[136..<148]), seconds > 0, seconds < 1 << 34
    else { return nil }
    return Timestamp(seconds: Int64(clamping: seconds))
  }

  /// Whether the writer fills up the last record. libarchive, which puts `000644 ` and NUL where
  /// others put `0000644` and NUL, does not; nor does cpio, which puts seven digits into the checksum
  /// where others put six.
  var fillsRecords: Bool {
    let isOfLibarchive = bytes[106] == 0x20 && bytes[107] == 0
    let isOfCPIO = (0x30...0x37).contains(bytes[154]) && bytes[155] == 0
    return !isOfLibarchive && !isOfCPIO
  }

  /// Whether a member of this type should have no data whatever its size says.
  var isWithoutData: Bool { (0x31...0x36).contains(type) }

  /// Whether further blocks of a sparse file's map follow.
  var isExtended: Bool { type == 0x53 && bytes[482] == 1 }
}
