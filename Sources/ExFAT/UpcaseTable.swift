// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Which unit of UTF-16 stands for each in comparisons: needed to compute the hash of a name.
///
/// - Source: Microsoft, *exFAT File System Specification* 1.00, 7.2 "Up-case Table Directory Entry":
///   0xFFFF and a count stand for so many units that stay as they are.
struct UpcaseTable: Sendable {
  private let units: [UInt16]

  /// The most that a table can take, in bytes.
  static let longest: UInt64 = 0x2_0000

  /// Nil where the checksum of the table does not hold.
  init?(parsing bytes: [UInt8], checksum: UInt32) {
    var sum: UInt32 = 0
    for byte in bytes { sum = (sum << 31 | sum >> 1) &+ UInt32(byte) }
    guard sum == checksum else { return nil }
    var units: [UInt16] = []
    var index = 0
    while units.count < 0x1_0000, let unit = try? bytes.little(UInt16.self, at: index) {
      index += 2
      if unit == 0xFFFF, let count = try? bytes.little(UInt16.self, at: index) {
        index += 2
        let end = min(0x1_0000, units.count + Int(count))
        while units.count < end { units.append(UInt16(truncatingIfNeeded: units.count)) }
      } else {
        units.append(unit)
      }
    }
    self.units = units
  }

  /// The hash that a stream entry has of its name.
  func hash(of name: [UInt16]) -> UInt16 {
    var hash: UInt16 = 0
    for unit in name {
      let upper = Int(unit) < units.count ? units[Int(unit)] : unit
      hash = (hash << 15 | hash >> 1) &+ (upper & 0xFF)
      hash = (hash << 15 | hash >> 1) &+ (upper >> 8)
    }
    return hash
  }
}
