// SPDX-License-Identifier: Apache-2.0

import Bytes
import Fixtures
import Testing

@testable import ExFAT

@Suite struct `An exFAT boot region` {
  private func open(_ bytes: [UInt8]) throws -> ExFATVolume? {
    try ExFATVolume.open(Source(MemoryMedium(bytes)))
  }

  @Test func `says where everything lies`() throws {
    let boot = try BootSector(parsing: Builder.bootSector())
    #expect(boot.sectorSize == 512 && boot.clusterSize == 1024 && boot.rootCluster == 4)
    #expect(boot.offset(of: 2) == UInt64(Builder.heap) && boot.clusterEnd == Builder.clusters + 2)
    #expect(boot.cluster(at: UInt64(Builder.length) - 1) == Builder.clusters + 1)
    #expect(boot.cluster(at: UInt64(Builder.length)) == nil && boot.cluster(at: 0) == nil)
    #expect(boot.clusters(for: 0) == 0 && boot.clusters(for: 1025) == 2)
    #expect(boot.clusters(for: .max) == .max)
  }

  @Test(
    arguments: [
      // The name, a field of FAT, lengths, the FAT, the heap, clusters, the root, shifts, FATs, the end.
      (3, 0), (0x0B, 1), (0x4F, 0xFF), (0x50, 1), (0x54, 1), (0x58, 25), (0x5E, 1), (0x5C, 201),
      (0x60, 1), (0x60, 202), (0x6C, 8), (0x6C, 13), (0x6D, 17), (0x6E, 3), (0x6E, 0), (0x1FE, 0),
    ] as [(Int, UInt8)])
  func `with a field out of its bounds is refused`(place: Int, value: UInt8) {
    var sector = Builder.bootSector()
    sector[place] = value
    #expect(throws: Malformed.self) { try BootSector(parsing: sector) }
  }

  @Test func `cut to any length is refused`() {
    for length in 0..<512 {
      #expect(throws: (any Error).self) {
        try BootSector(parsing: Array(Builder.bootSector().prefix(length)))
      }
    }
  }

  @Test func `that was damaged gives way to its backup`() throws {
    var builder = Builder()
    #expect(try open(builder.bytes)?.remarks == [])
    builder.put([UInt8](repeating: 0xFF, count: 512), at: 0)
    let volume = try #require(try open(builder.bytes))
    #expect(volume.remarks == ["the boot region is damaged: its backup was read"])
    #expect(volume.label == "test" && volume.allocation().isSound)
  }

  @Test func `is chosen by its checksum, which leaves out the volume's state`() throws {
    var builder = Builder()
    builder.put([2], at: 0x6A)
    builder.put([50], at: 0x70)
    #expect(try open(builder.bytes)?.remarks == [])
    builder.put([5], at: 0x60)
    #expect(try open(builder.bytes)?.boot.rootCluster == 4)
    builder.put([5], at: 12 * 512 + 0x60)
    let volume = try #require(try open(builder.bytes))
    #expect(volume.remarks.first == "no checksum of a boot region holds")
    #expect(volume.boot.rootCluster == 5 && volume.bitmap == nil && !volume.allocation().isSound)
  }
}

@Suite struct `An exFAT chain` {
  private func table(_ build: (inout Builder) -> Void) throws -> ChainTable {
    var builder = Builder()
    build(&builder)
    let boot = try BootSector(parsing: Builder.bootSector())
    return ChainTable(Source(MemoryMedium(builder.bytes)), boot, clusterEnd: boot.clusterEnd)
  }

  @Test func `has runs, and is whole where it ends with the file`() throws {
    var table = try table { $0.chain([10, 11, 20, 12]) }
    let whole = table.chain(from: 10, limit: 4)
    #expect(whole.isWhole && whole.runs.map(\.start) == [10, 20, 12])
    #expect(whole.runs.map(\.count) == [2, 1, 1])
    let long = table.chain(from: 10, limit: 5)
    #expect(!long.isWhole && long.runs == whole.runs)
    let short = table.chain(from: 10, limit: 3)
    #expect(!short.isWhole)
  }

  @Test func `that runs in a circle ends`() throws {
    var table = try table {
      $0.chain([10, 11, 12])
      $0.put(little(10, 4), at: Builder.table + 12 * 4)
      $0.put(little(30, 4), at: Builder.table + 30 * 4)
    }
    let circle = table.chain(from: 10, limit: .max)
    #expect(!circle.isWhole && circle.runs.count < 0x10_0000)
    #expect(!table.chain(from: 30, limit: .max).isWhole)
  }

  @Test(arguments: [0, 1, 202, 0xFFFF_FFF7] as [UInt32])
  func `that leads out of the heap is broken`(next: UInt32) throws {
    var table = try table { $0.put(little(UInt64(next), 4), at: Builder.table + 10 * 4) }
    let chain = table.chain(from: 10, limit: 2)
    #expect(!chain.isWhole && chain.runs.map(\.start) == [10])
    #expect(table.chain(from: next, limit: 2).runs.isEmpty)
  }
}
