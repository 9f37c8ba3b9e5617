// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Testing

@testable import ExFAT

@Suite struct `exFAT entry set` {
  /// A set in use: a file `a.txt` of 700 bytes from cluster 5 on, written 2024-01-01 12:00 at UTC+1.
  static func bytes() -> [UInt8] {
    var set = [UInt8](repeating: 0, count: 96)
    set[0] = 0x85
    set[1] = 2
    set.replaceSubrange(12..<16, with: [0x00, 0x60, 0x21, 0x58])
    set[0x15] = 150
    set[0x17] = 0x84
    set[32] = 0xC0
    set[33] = 3
    set[35] = 5
    set.replaceSubrange(40..<42, with: [0xBC, 0x02])
    set[52] = 5
    set.replaceSubrange(56..<58, with: [0xBC, 0x02])
    set[64] = 0xC1
    for (index, unit) in "a.txt".utf8.enumerated() { set[66 + index * 2] = unit }
    var sum: UInt16 = 0
    for (index, byte) in set.enumerated() where index != 2 && index != 3 {
      sum = (sum << 15 | sum >> 1) &+ UInt16(byte)
    }
    set[2] = UInt8(sum & 0xFF)
    set[3] = UInt8(sum >> 8)
    return set
  }

  static func deleted() -> [UInt8] {
    var set = bytes()
    for index in stride(from: 0, to: 96, by: 32) { set[index] &= 0x7F }
    return set
  }

  @Test func `deletion leaves the checksum, since its bits are put back`() throws {
    for bytes in [Self.bytes(), Self.deleted()] {
      let set = try #require(EntrySet(parsing: bytes, at: 0, offset: 0, upcase: nil))
      #expect(set.checksumHolds && set.name == "a.txt" && set.size == 700 && set.start == 5)
    }
  }

  @Test func `a time has ten milliseconds and an offset from UTC`() throws {
    let set = try #require(EntrySet(parsing: Self.bytes(), at: 0, offset: 0, upcase: nil))
    let noon = try #require(Timestamp(year: 2024, month: 1, day: 1, hour: 11))
    #expect(set.times.modified == Timestamp(nanoseconds: noon.nanoseconds + 1_500_000_000))
  }

  @Test func `a set cut to any length is none, and no damage traps`() {
    for length in 0..<96 {
      #expect(
        EntrySet(parsing: Array(Self.bytes().prefix(length)), at: 0, offset: 0, upcase: nil) == nil)
    }
    for index in 0..<96 {
      for flip in [0x01, 0x80, 0xFF] as [UInt8] {
        var set = Self.deleted()
        set[index] ^= flip
        _ = EntrySet(parsing: set, at: 0, offset: 0, upcase: nil)
      }
    }
  }

  @Test func `a set may run from one piece of its directory into the next`() {
    for cut in 0...96 {
      var parser = DirectoryParser(upcase: nil)
      let bytes = Self.deleted() + Self.bytes()
      let even = cut / 32 * 32
      parser.parse(Array(bytes.prefix(even)), at: 1000)
      parser.parse(Array(bytes.dropFirst(even)), at: 9000)
      parser.finish()
      #expect(parser.sets.count == 2)
    }
  }
}
