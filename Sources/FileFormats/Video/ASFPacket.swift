// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A packet of an ASF data object, whose payloads must fill it together with its padding.
///
/// | Size | Field            | Unit                                                         |
/// |-----:|------------------|--------------------------------------------------------------|
/// |    3 | error correction | 0x82 0 0; may be missing                                     |
/// |    1 | length flags     | 0: many payloads; widths of sequence, padding, packet length |
/// |    1 | property flags   | widths of the fields of a payload                            |
/// |    … | sizes            | packet length, sequence, padding: as wide as flagged         |
/// |    6 | times            | when sent, for how long                                      |
/// |    … | payloads         | stream, object, offset, replicated data, length, data        |
///
/// - Source: Microsoft, *Advanced Systems Format (ASF) Specification 01.20.05*, §5.2.
struct ASFPacket {
  private let bytes: [UInt8]
  private var index = 0

  /// Checks a packet; throws `Malformed` or `Truncated` for what is none.
  static func check(_ bytes: [UInt8], at place: ByteOffset) throws {
    var packet = ASFPacket(bytes)
    do {
      guard try packet.holds() else { throw Malformed("ASF", "no packet stands here", at: place) }
    } catch is Truncated {
      throw Malformed("ASF", "a packet that it does not fit into", at: place)
    }
  }

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  private mutating func holds() throws -> Bool {
    var flags = try field(1)
    if flags & 0x80 != 0 {
      // Neither opaque data nor another kind of length is in use.
      guard flags & 0x70 == 0 else { return false }
      index += flags & 0x0F
      flags = try field(1)
    }
    let properties = try field(1)
    guard properties >> 6 == 1 else { return false }
    let stated = try field(Self.width(flags >> 5))
    _ = try field(Self.width(flags >> 1))
    let padding = try field(Self.width(flags >> 3))
    index += 6
    let length = flags >> 5 & 3 == 0 ? bytes.count : stated
    guard length <= bytes.count, padding <= length, index <= length - padding else { return false }
    let end = length - padding
    if flags & 1 == 0 {
      _ = try payload(properties, lengthWidth: nil)
      return index <= end
    }
    let counts = try field(1)
    for _ in 0..<(counts & 0x3F) {
      let count = try payload(properties, lengthWidth: Self.width(counts >> 6))
      guard count <= bytes.count - min(index, bytes.count) else { return false }
      index += count
    }
    return index <= end
  }

  /// Reads a payload's head and returns the length of its data.
  private mutating func payload(_ properties: Int, lengthWidth: Int?) throws -> Int {
    _ = try field(1)
    _ = try field(Self.width(properties >> 4))
    _ = try field(Self.width(properties >> 2))
    let replicated = try field(Self.width(properties))
    guard replicated <= bytes.count else { throw Truncated() }
    index += replicated
    return try lengthWidth.map { try field($0) } ?? 0
  }

  private static func width(_ code: Int) -> Int { [0, 1, 2, 4][code & 3] }

  private mutating func field(_ width: Int) throws -> Int {
    defer { index += width }
    return switch width {
    case 0: 0
    case 1: Int(try bytes.little(UInt8.self, at: index))
    case 2: Int(try bytes.little(UInt16.self, at: index))
    default: Int(clamping: try bytes.little(UInt32.self, at: index))
    }
  }
}
