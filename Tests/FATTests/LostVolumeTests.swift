// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Fixtures
import Testing
import Volumes

@testable import FAT

@Suite struct `A lost FAT volume` {
  private let before = [UInt8](repeating: 0, count: 1 << 20)

  private func search(_ disk: [UInt8], present: [PresentVolume] = []) -> [LostVolume] {
    FATVolume.lost(in: Source(MemoryMedium(disk)), landmarks: landmarks(in: disk), present: present)
  }

  private func findings(_ lost: LostVolume?, _ disk: [UInt8]) throws -> [Finding] {
    var found: [Finding] = []
    try lost?.volume.visit(number: 2, landmarks: landmarks(in: disk)) { found.append($0) }
    return found
  }

  /// FAT16 with clusters of 1 KiB and one short table, in force from the start on.
  private func present(on disk: [UInt8]) throws -> PresentVolume {
    var boot = [UInt8](repeating: 0, count: 512)
    boot.replaceSubrange(
      0x0B..<0x18, with: [0, 2, 2, 1, 0, 1, 16, 0] + little(disk.count / 512, 2) + [0xF8, 1, 0])
    boot.replaceSubrange(0x1FE..<0x200, with: [0x55, 0xAA])
    let volume = try #require(
      try FATVolume.open(Source(MemoryMedium(boot + disk.dropFirst(512)))))
    return PresentVolume(range: 0..<ByteOffset(UInt64(disk.count)), volume: volume)
  }

  /// What a format with other clusters leaves: no boot sectors, the first table and what `lost` says.
  private func formatted(_ volume: LargeBuilder) -> [UInt8] {
    var volume = volume
    volume.put([UInt8](repeating: 0, count: 37 * 512), at: 0)
    return volume.bytes
  }

  @Test func `is found where volumes start as a rule, with its files as they were listed`() throws {
    let disk = before + LargeBuilder.sample().bytes
    let lost = FATVolume.lost(in: Source(MemoryMedium(disk)), landmarks: [], present: [])
    #expect(lost.map(\.range.lowerBound) == [0x10_0000])
    #expect(lost.map(\.consistent) == [3] && lost.map(\.examined) == [3])
    #expect(try findings(lost.first, disk).named("FOLDER/INNER/IN.TXT")?.origin == .live)
  }

  @Test(arguments: [7, 63]) func `is found by a landmark elsewhere`(sectors: Int) throws {
    let disk = [UInt8](repeating: 0, count: sectors * 512) + LargeBuilder.sample().bytes
    let places = search(disk).map(\.range.lowerBound.rawValue)
    #expect(places == [UInt64(sectors * 512)])
  }

  @Test func `is found by the copy of its boot sector`() throws {
    var volume = LargeBuilder.sample()
    volume.put([UInt8](repeating: 0, count: 512), at: 0)
    let lost = search([UInt8](repeating: 0, count: 7 * 512) + volume.bytes)
    #expect(lost.map(\.range.lowerBound) == [3584])
    #expect(lost.first?.volume.remarks == ["the boot sector is damaged: its backup was read"])
  }

  @Test func `without boot sectors is deduced from directories and tables`() throws {
    var volume = LargeBuilder.sample()
    volume.put([UInt8](repeating: 0, count: 32 * 512), at: 0)
    let lost = search(volume.bytes)
    #expect(lost.map(\.consistent) == [2] && lost.map(\.examined) == [2])
    let found = try findings(lost.first, volume.bytes)
    #expect(found.named("TOP.TXT")?.origin == .live)
    let inner = try #require(found.named("FOLDER/INNER/IN.TXT"))
    let places: [UInt64] = [7, 9].map { UInt64(LargeBuilder.place(of: $0)) }
    #expect(inner.content.mediumRanges.map(\.lowerBound.rawValue) == places)
  }

  @Test func `that was formatted over has the chains of the table that is left`() throws {
    let disk = formatted(.sample())
    let lost = search(disk, present: [try present(on: disk)])
    #expect(lost.count == 1)
    let found = try findings(lost.first, disk)
    let inner = try #require(found.named("FOLDER/INNER/IN.TXT"))
    #expect(inner.origin == .undelete && inner.evidence.contains(.blockListSurvived))
    #expect(inner.content.mediumRanges.count == 2)
    #expect(!found.contains { $0.origin == .live })
  }

  @Test func `that lost both tables has files that are assumed to have no gaps`() throws {
    var volume = LargeBuilder.sample()
    volume.put([UInt8](repeating: 0, count: 43 * 512), at: 0)
    let lost = search(volume.bytes, present: [try present(on: volume.bytes)])
    let found = try findings(lost.first, volume.bytes)
    #expect(found.named("#3/INNER/IN.TXT")?.evidence.contains(.contiguityAssumed) == true)
    #expect(found.named("#3/INNER/_ONE.TXT") != nil)
  }

  @Test func `is not made of the directories of a volume in force`() throws {
    let disk = LargeBuilder.sample().bytes
    let volume = try #require(try FATVolume.open(Source(MemoryMedium(disk))))
    let present = PresentVolume(range: 0..<ByteOffset(UInt64(disk.count)), volume: volume)
    #expect(search(disk, present: [present]).isEmpty)
  }

  @Test func `is kept apart from another one that was there before`() throws {
    var disk = formatted(.sample())
    // Directories of a volume with clusters of 2 KiB, whose data area starts at sector 100.
    for cluster in [40, 45, 52] {
      let place = 100 * 512 + (cluster - 2) * 2048
      disk.replaceSubrange(place..<place + 64, with: LargeBuilder.dots(cluster, parent: 0))
    }
    let lost = search(disk, present: [try present(on: disk)])
    #expect(lost.map(\.volume.clusterSize) == [2048, 512])
    #expect(lost.map(\.consistent) == [3, 2])
  }

  @Test func `a table without its start is found by its entries`() {
    var volume = LargeBuilder()
    volume.chain(Array(40..<600))
    for table in LargeBuilder.tables {
      volume.put([UInt8](repeating: 0, count: 256), at: table)
    }
    let places = LargeBuilder.tables.map(UInt64.init)
    let source = Source(MemoryMedium(volume.bytes))
    let votes = TableVotes(source, before: UInt64(LargeBuilder.dataStart), isLarge: true, fewest: 8)
    #expect(votes.places == places)
    #expect(
      TableVotes(source, before: UInt64(LargeBuilder.dataStart), isLarge: true).places.isEmpty)
    #expect(
      TableVotes(Source(MemoryMedium([])), before: 1 << 40, isLarge: false).places.isEmpty)
  }

  @Test func `damaged bytes never trap and never change a file's length`() throws {
    let whole = LargeBuilder.sample().bytes
    var seed: UInt64 = 11
    for round in 0..<400 {
      var disk = round % 2 == 0 ? whole : formatted(.sample())
      for _ in 0..<6 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let area = [
          0..<96, 16_384..<16_512, 18_944..<19_072, 21_504..<21_600, 22_016..<22_112,
          23_040..<23_168,
        ][Int(seed >> 60) % 6]
        disk[area.lowerBound + Int(seed >> 33) % area.count] = UInt8(seed >> 24 & 0xFF)
      }
      if round % 3 == 0 { disk.removeLast(Int(seed >> 40) % disk.count) }
      for lost in search(disk) {
        for finding in try findings(lost, disk) where finding.kind == .file {
          #expect(finding.content.length == finding.size)
        }
      }
    }
  }
}
