// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import Partitions

@Suite struct `partition tables` {
  /// A disk of 2048 sectors with entries in its first sector.
  private func disk(_ entries: [(place: Int, type: UInt8, start: UInt32, count: UInt32)]) -> [UInt8]
  {
    var disk = [UInt8](repeating: 0, count: 2048 * 512)
    for entry in entries {
      put(entry.type, entry.start, entry.count, at: 0x1BE + 16 * entry.place, &disk)
    }
    disk[510] = 0x55
    disk[511] = 0xAA
    return disk
  }

  private func put(
    _ type: UInt8, _ start: UInt32, _ count: UInt32, at offset: Int, _ disk: inout [UInt8]
  ) {
    disk[offset + 4] = type
    for index in 0..<4 {
      disk[offset + 8 + index] = UInt8(truncatingIfNeeded: start >> UInt32(8 * index))
      disk[offset + 12 + index] = UInt8(truncatingIfNeeded: count >> UInt32(8 * index))
    }
  }

  @Test func `a primary partition is a range of bytes`() throws {
    let table = try #require(PartitionTable.read(Source(bytes: disk([(0, 0x83, 8, 16)]))))
    #expect(table.partitions == [Partition(number: 1, range: 4096..<12288, typeName: "Linux")])
  }

  @Test func `a partition beyond the end is cut and remarked`() throws {
    let table = try #require(PartitionTable.read(Source(bytes: disk([(0, 0x0C, 8, 4000)]))))
    #expect(table.partitions.map(\.range) == [4096..<1_048_576])
    #expect(table.remarks == ["partition 1 reaches beyond the end of the disk and is cut"])
  }

  @Test func `a chain of logical partitions that turns back ends`() throws {
    var bytes = disk([(0, 0x05, 100, 1000)])
    put(0x83, 1, 9, at: 100 * 512 + 0x1BE, &bytes)
    put(0x05, 0, 20, at: 100 * 512 + 0x1CE, &bytes)
    bytes[100 * 512 + 510] = 0x55
    bytes[100 * 512 + 511] = 0xAA
    put(0x05, 10, 20, at: 100 * 512 + 0x1CE, &bytes)
    bytes.replaceSubrange(110 * 512..<111 * 512, with: bytes[100 * 512..<101 * 512])
    let table = try #require(PartitionTable.read(Source(bytes: bytes)))
    #expect(table.partitions.map(\.number) == [5, 6])
    #expect(table.remarks == ["the chain of logical partitions turns back on itself"])
  }

  @Test func `a file system without partitions is not a table`() {
    var bytes = disk([(0, 0x0C, 8, 16)])
    bytes.replaceSubrange(3..<11, with: Array("NTFS    ".utf8))
    #expect(PartitionTable.read(Source(bytes: bytes)) == nil)
  }

  @Test func `a damaged disk never traps`() {
    var seed: UInt64 = 3
    let whole = disk([(0, 0x05, 100, 1000), (1, 0xEE, 1, 2000)])
    for length in 0..<1100 { _ = PartitionTable.read(Source(bytes: Array(whole.prefix(length)))) }
    for offset in 0x1BE..<0x1FE {
      var bytes = Array(whole.prefix(200 * 512))
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      bytes[offset] = UInt8(seed >> 56)
      #expect(PartitionTable.read(Source(bytes: bytes))?.partitions.isEmpty != true)
    }
  }
}
