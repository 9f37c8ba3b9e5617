// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// One file or folder as a directory lists it: a file entry, a stream entry, and the name's.
///
/// | Offset | Size | Field                      | Unit                                       |
/// |-------:|-----:|----------------------------|--------------------------------------------|
/// |   0x00 |    1 | type                       | 0x85; 0x05: no longer in use               |
/// |   0x01 |    1 | secondary entries          | 2 to 18                                    |
/// |   0x02 |    2 | checksum of the set        | made while it was in use                   |
/// |   0x04 |    2 | attributes                 | 0x10 directory                             |
/// |   0x08 |   12 | created, modified, read    | time, date                                 |
/// |   0x14 |    2 | created, modified          | 10 ms, 0 to 199                            |
/// |   0x16 |    3 | their offsets from UTC     | 15 minutes, signed; bit 7: known           |
/// |   0x20 |    1 | type                       | 0xC0; 0x40                                 |
/// |   0x21 |    1 | flags                      | bit 1: contiguous, the FAT is not in force |
/// |   0x23 |    1 | length of the name         | units of UTF-16                            |
/// |   0x24 |    2 | hash of the name           | in upper case                              |
/// |   0x28 |    8 | valid length               | bytes; zeros follow                        |
/// |   0x34 |    4 | first cluster              |                                            |
/// |   0x38 |    8 | length                     | bytes                                      |
/// |   0x40 |    1 | type                       | 0xC1; 0x41; 15 units of the name from 0x42 |
///
/// - Source: Microsoft, *exFAT File System Specification* 1.00, 7.4, 7.6 and 7.7.
struct EntrySet: Hashable, Sendable {
  /// Where the set stands in the volume.
  let offset: UInt64
  /// Whether it says that it is in use.
  let isLive: Bool
  let isDirectory: Bool
  let isContiguous: Bool
  let checksumHolds: Bool
  let name: RawName
  /// Nil where there is no table of upper case.
  let hashHolds: Bool?
  let start: UInt32
  let size: UInt64
  let validSize: UInt64
  let times: Times
  /// In bytes.
  let length: Int

  static let longest = 19 * 32

  /// How long the set at `index` says it is, in bytes; nil where none can begin there.
  static func length(in bytes: [UInt8], at index: Int) -> Int? {
    guard index >= 0, index + 2 <= bytes.count, bytes[index] & 0x7F == 0x05,
      (2...18).contains(bytes[index + 1])
    else { return nil }
    return (Int(bytes[index + 1]) + 1) * 32
  }

  /// Nil unless a whole set stands at `index`. One whose checksum does not hold is told as such.
  init?(parsing bytes: [UInt8], at index: Int, offset: UInt64, upcase: UpcaseTable?) {
    guard let length = Self.length(in: bytes, at: index),
      let set = try? bytes.copy(at: index, count: length), set[32] & 0x7F == 0x40
    else { return nil }
    let units = Int(set[35])
    guard units > 0, (units + 14) / 15 <= length / 32 - 2 else { return nil }
    var name: [UInt16] = []
    for entry in 0..<(units + 14) / 15 {
      let place = 64 + entry * 32
      guard set[place] & 0x7F == 0x41 else { return nil }
      for unit in 0..<min(15, units - entry * 15) {
        name.append(UInt16(set[place + 2 + unit * 2]) | UInt16(set[place + 3 + unit * 2]) << 8)
      }
    }
    guard let checksum = try? set.little(UInt16.self, at: 2),
      let attributes = try? set.little(UInt16.self, at: 4),
      let hash = try? set.little(UInt16.self, at: 36),
      let valid = try? set.little(UInt64.self, at: 40),
      let start = try? set.little(UInt32.self, at: 52),
      let size = try? set.little(UInt64.self, at: 56), size < 1 << 62
    else { return nil }
    self.offset = offset
    self.length = length
    isLive = set[0] & 0x80 != 0
    isDirectory = attributes & 0x10 != 0
    isContiguous = set[33] & 2 != 0
    checksumHolds = Self.checksum(of: set) == checksum
    self.name = RawName(String(decoding: name, as: UTF16.self))
    hashHolds = upcase.map { $0.hash(of: name) == hash }
    self.start = start
    self.size = size
    validSize = min(valid, size)
    times = Times(
      created: Self.timestamp(set, 0x08, hundredths: set[0x14], zone: set[0x16]),
      modified: Self.timestamp(set, 0x0C, hundredths: set[0x15], zone: set[0x17]),
      accessed: Self.timestamp(set, 0x10, hundredths: 0, zone: set[0x18]))
  }

  /// The sum over all bytes but itself, with the bits put back that deletion clears.
  private static func checksum(of set: [UInt8]) -> UInt16 {
    var sum: UInt16 = 0
    for (index, byte) in set.enumerated() where index != 2 && index != 3 {
      sum = (sum << 15 | sum >> 1) &+ UInt16(index % 32 == 0 ? byte | 0x80 : byte)
    }
    return sum
  }

  /// A moment; one without a known offset from UTC is taken as it stands.
  private static func timestamp(
    _ set: [UInt8], _ place: Int, hundredths: UInt8, zone: UInt8
  ) -> Timestamp? {
    guard let time = try? set.little(UInt16.self, at: place),
      let date = try? set.little(UInt16.self, at: place + 2), hundredths <= 199,
      let local = Timestamp(
        year: 1980 + Int(date >> 9), month: Int(date >> 5 & 15), day: Int(date & 31),
        hour: Int(time >> 11), minute: Int(time >> 5 & 63), second: Int(time & 0x1F) * 2)
    else { return nil }
    // Seven bits with a sign, in quarters of an hour.
    let quarters = zone & 0x80 == 0 ? 0 : Int64(Int8(bitPattern: zone << 1) >> 1)
    let shift = Int64(hundredths) * 10_000_000 - quarters * 900 * 1_000_000_000
    let (moment, overflow) = local.nanoseconds.addingReportingOverflow(shift)
    return overflow ? nil : Timestamp(nanoseconds: moment)
  }
}
