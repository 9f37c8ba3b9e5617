// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where chunks that follow each other lie in a segment file.
///
/// | Offset | Size | Field                                      | Unit  |
/// |-------:|-----:|--------------------------------------------|-------|
/// |   0x00 |    4 | entries                                    |       |
/// |   0x08 |    8 | base, which offsets count from             | bytes |
/// |   0x14 |    4 | Adler-32 of the fields before              |       |
/// |   0x18 |    4 | each entry: offset; top bit: compressed    | bytes |
/// |    end |    4 | Adler-32 of the entries (SMART: none)      |       |
///
/// - Source: Metz, *Expert Witness Compression Format (EWF)*, §3.9 "Table section".
struct EWFTable: Sendable {
  static let header = 24
  /// As many entries as every tool reads.
  static let mostEntries = 16_375

  let base: ByteOffset
  let entries: [UInt32]

  /// - Parameter bytes: a table section without its descriptor; SMART's chunks follow in it.
  init(parsing bytes: [UInt8], isSMART: Bool) throws {
    guard try adler32(bytes.prefix(20)) == bytes.little(at: 20) else {
      throw Malformed(Self.name, "its checksum does not hold")
    }
    let count = Int(try bytes.little(UInt32.self, at: 0))
    guard count <= (bytes.count - Self.header) / 4 else { throw Truncated() }
    base = ByteOffset(try bytes.little(at: 8))
    let list = bytes[Self.header..<(Self.header + count * 4)]
    if !isSMART, let sum: UInt32 = try? bytes.little(at: Self.header + count * 4) {
      guard adler32(list) == sum else {
        throw Malformed(Self.name, "the checksum of its entries does not hold")
      }
    }
    entries = try (0..<count).map { index throws(Truncated) in
      try bytes.little(at: Self.header + index * 4)
    }
  }

  static func bytes(base: UInt64, entries: [UInt32]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: UInt32(clamping: entries.count))
    bytes.append(little: UInt32(0))
    bytes.append(little: base)
    bytes.append(little: UInt32(0))
    bytes.append(little: adler32(bytes))
    var list: [UInt8] = []
    for entry in entries { list.append(little: entry) }
    bytes += list
    bytes.append(little: adler32(list))
    return bytes
  }

  private static let name = "EWF table"
}
