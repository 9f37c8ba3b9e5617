// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A key, a length and a value, as MXF files consist of.
///
/// | Offset | Size | Field  | Unit                                                    |
/// |-------:|-----:|--------|---------------------------------------------------------|
/// |   0x00 |   16 | key    | SMPTE label: 06 0E 2B 34 …                              |
/// |   0x10 |  1–9 | length | below 0x80: itself; else a count of big-endian bytes    |
///
/// - Source: SMPTE ST 336:2017, "Data Encoding Protocol Using Key-Length-Value"; ST 377-1:2019.
struct KLVPacket {
  enum Kind {
    /// Header, body and footer partition packs.
    case header, body, footer
    /// The list of all partitions, the last thing in a file.
    case index
    /// A set of header metadata, by its number.
    case metadata(UInt8)
    case other
  }

  private static let partition: [UInt8] = [0x0D, 1, 2, 1, 1]
  private static let structural: [UInt8] = [0x0D, 1, 1, 1, 1, 1]

  let kind: Kind
  let start: ByteOffset
  let value: ByteOffset
  let end: ByteOffset

  /// Reads a packet's head; nil where none stands.
  init?(_ window: inout Window, at start: ByteOffset) throws {
    guard try window.holds([6, 0x0E, 0x2B, 0x34], at: start) else { return nil }
    let key = try window.copy(at: start, count: 16)
    let first = try window.byte(at: start + 16)
    var length = UInt64(first)
    var value = try start + 17
    if first & 0x80 != 0 {
      guard (1...8).contains(first & 0x7F) else { return nil }
      length = 0
      for byte in try window.copy(at: value, count: Int(first & 0x7F)) {
        length = length << 8 | UInt64(byte)
      }
      value = try value + ByteCount(UInt64(first & 0x7F))
    }
    self.start = start
    self.value = value
    end = value.advancedClamped(by: ByteCount(length))
    if key.holds([2, 5], at: 4), key.holds(Self.partition, at: 8) {
      switch key[13] {
      case 2: kind = .header
      case 3: kind = .body
      case 4: kind = .footer
      case 0x11: kind = .index
      default: kind = .other
      }
    } else if key.holds([2, 0x53], at: 4), key.holds(Self.structural, at: 8) {
      kind = .metadata(key[14])
    } else {
      kind = .other
    }
  }
}
