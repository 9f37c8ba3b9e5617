// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Fixtures
import Testing
import Volumes

@testable import ExFAT

@Suite struct `A lost exFAT volume` {
  private let before = [UInt8](repeating: 0, count: 1 << 20)

  @Test func `is found where volumes start as a rule`() throws {
    let source = Source(MemoryMedium(before + Builder().bytes))
    let lost = ExFATVolume.lost(in: source, landmarks: [], present: [])
    #expect(lost.map(\.range.lowerBound) == [0x10_0000])
    #expect(lost.map(\.range.length) == [ByteCount(UInt64(Builder.length))])
    #expect(lost.first?.consistent == 3 && lost.first?.examined == 3)
  }

  @Test func `is found by landmarks elsewhere, with its files`() throws {
    var builder = Builder()
    builder.list(Builder.set("gone", size: 1024, start: 30, isDeleted: true))
    let shift = 0x10_0000 + 7 * 512
    let disk = before + [UInt8](repeating: 0, count: 7 * 512) + builder.bytes
    let source = Source(MemoryMedium(disk))
    let lost = ExFATVolume.lost(in: source, landmarks: landmarks(in: disk), present: [])
    #expect(lost.map(\.range.lowerBound) == [ByteOffset(UInt64(shift))])
    var found: [Finding] = []
    try lost.first?.volume.visit(number: 2, landmarks: landmarks(in: disk)) { found.append($0) }
    #expect(found.map(\.path) == ["gone"])
    #expect(
      found.first?.content.mediumRanges.first?.lowerBound.rawValue
        == UInt64(shift + Builder.place(of: 30)))
  }

  @Test func `is found by its backup alone`() throws {
    var builder = Builder()
    builder.put([UInt8](repeating: 0, count: 12 * 512), at: 0)
    let disk = before + builder.bytes
    let source = Source(MemoryMedium(disk))
    let lost = ExFATVolume.lost(in: source, landmarks: landmarks(in: disk), present: [])
    #expect(lost.map(\.range.lowerBound) == [0x10_0000])
    #expect(lost.first?.volume.remarks == ["the boot region is damaged: its backup was read"])
  }

  @Test func `is not made of what lies inside a volume in force`() throws {
    let disk = Builder().bytes
    let source = Source(MemoryMedium(disk))
    let volume = try #require(try ExFATVolume.open(source))
    let present = PresentVolume(range: 0..<ByteOffset(UInt64(disk.count)), volume: volume)
    let lost = ExFATVolume.lost(in: source, landmarks: landmarks(in: disk), present: [present])
    #expect(lost.isEmpty)
  }

  @Test func `that was formatted over is told by the one in force`() throws {
    var builder = Builder()
    // The folders of before; root, FAT and bitmap are new.
    builder.write(
      Builder.set("inner", size: 1024, start: 62, isDirectory: true)
        + Builder.set("a", size: 2048, start: 70)
        + Builder.set("b", size: 2048, start: 80, isContiguous: false), in: 60)
    builder.write(Builder.set("c", size: 1024, start: 90), in: 62)
    let found = try findings(builder.bytes)
    #expect(found.map(\.path).sorted() == ["#60/a", "#60/b", "#60/inner", "#60/inner/c"])
    #expect(found.named("#60/a")?.evidence.contains(.blockListSurvived) == true)
    #expect(found.named("#60/b")?.evidence.contains(.contiguityAssumed) == true)
    #expect(found.allSatisfy { $0.evidence.contains(.parentUnknown) })
  }
}
