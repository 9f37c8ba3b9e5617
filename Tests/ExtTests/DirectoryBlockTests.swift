// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import Ext

@Suite struct `A directory block` {
  private let bytes = VolumeBuilder.directory([
    (2, ".", 2), (2, "..", 2), (12, "one.txt", 1), (13, "two", 2),
  ])

  @Test func `lists its entries without the two dots`() throws {
    let block = try #require(DirectoryBlock(bytes))
    #expect(block.entries.map(\.name) == ["one.txt", "two"])
    #expect(block.entries.map(\.inode) == [12, 13])
    #expect(block.itself == 2)
    #expect(block.parent == 2)
  }

  @Test func `still holds what was removed from the room of another`() throws {
    var block = Block()
    block.put(0, bytes)
    // "two" goes: "one.txt" takes its room.
    let second = 12 + 12
    block.little(second + 4, UInt16(1024 - second))
    let parsed = try #require(DirectoryBlock(block.bytes))
    #expect(parsed.entries.map(\.name) == ["one.txt"])
    #expect(parsed.leftovers.map(\.name) == ["two"])
  }

  @Test func `takes a name that would leave a folder`() throws {
    let block = try #require(DirectoryBlock(VolumeBuilder.directory([(12, "../../etc/x", 1)])))
    #expect(block.entries.map(\.name) == ["../../etc/x"])
  }

  @Test func `whose entries do not end with it is none`() {
    // Entries end at 12, 24 and 40.
    for count in stride(from: 4, to: 1024, by: 4) where ![12, 24, 40].contains(count) {
      #expect(DirectoryBlock(Array(bytes[..<count])) == nil, "cut to \(count)")
    }
  }

  @Test func `damaged anywhere is read or refused`() {
    var read = 0
    for at in bytes.indices {
      for value in [0, 1, 0xFF] as [UInt8] {
        var damaged = bytes
        damaged[at] = value
        if DirectoryBlock(damaged) != nil { read += 1 }
      }
    }
    #expect(read > 2000)
  }

  @Test func `tells its owner by its checksum`() {
    var block = Block()
    block.put(0, VolumeBuilder.directory([(12, "a", 1)], count: 1012))
    block.put(1012, [0, 0, 0, 0, 12, 0, 0, 0xDE])
    let seed = ExtChecksum.seed(0x1234_5678, inode: 77, generation: 99)
    block.little(1020, ExtChecksum.crc(seed, Array(block.bytes[..<1012])))
    #expect(DirectoryBlock.seed(of: block.bytes) == seed)
  }
}
