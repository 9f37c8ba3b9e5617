// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import FileFormats

@Suite struct `Directories of a program` {
  private typealias Entry = PEDirectories.Entry

  /// A section at address 0x1000 whose bytes stand at 0x200.
  private func firstForeign(_ bytes: [UInt8], _ entries: [Entry]) throws -> ByteOffset? {
    let directories = PEDirectories(file: Source(bytes: bytes)) { address in
      (0x1000..<0x2000).contains(address) ? ByteOffset(address - 0xE00) : nil
    }
    return try directories.firstForeign(of: entries)
  }

  private func file(_ parts: [Int: [UInt8]]) -> [UInt8] {
    var bytes = junk(0x1400, seed: 3)
    for (place, part) in parts { bytes.replaceSubrange(place..<place + part.count, with: part) }
    return bytes
  }

  private static let entries = [
    Entry(index: 1, place: 0x200), Entry(index: 2, place: 0x300), Entry(index: 5, place: 0x400),
    Entry(index: 14, place: 0x500),
  ]
  private static let sound: [Int: [UInt8]] = [
    0x200: little(UInt32(0x1080)) + little(UInt32(0)) + little(UInt32(0)) + little(UInt32(0x1100))
      + little(UInt32(0x1200)),
    0x300: little(UInt32(0)) + little(UInt32(0)) + little(UInt32(0)) + little(UInt16(0))
      + little(UInt16(3)),
    0x400: little(UInt32(0x1000)) + little(UInt32(0x20)),
    0x500: little(UInt32(72)) + little(UInt32(0x5_0002)) + little(UInt32(0x1600)),
    0x800: Array("BSJB".utf8),
  ]

  @Test func `begin as they must`() throws {
    #expect(try firstForeign(file(Self.sound), Self.entries) == nil)
  }

  @Test(arguments: [0x200, 0x300, 0x400, 0x500, 0x800])
  func `are foreign where they do not`(place: Int) throws {
    var parts = Self.sound
    parts[place] = junk(20, seed: UInt64(place))
    let bytes = file(parts)
    #expect(try firstForeign(bytes, Self.entries) == ByteOffset(UInt64(place)))
  }

  @Test func `beyond the bytes say nothing`() throws {
    #expect(try firstForeign([1, 2, 3], Self.entries) == nil)
  }
}
