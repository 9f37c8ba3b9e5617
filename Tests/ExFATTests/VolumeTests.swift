// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Fixtures
import Testing
import Volumes

@testable import ExFAT

@Suite struct `An exFAT volume` {
  @Test func `counts each byte once, as in use or not`() throws {
    let volume = try #require(try ExFATVolume.open(Source(MemoryMedium(Builder().bytes))))
    let allocation = volume.allocation()
    #expect(allocation.isSound && allocation.allocated.intersection(allocation.unallocated).isEmpty)
    #expect(allocation.allocated.length == ByteCount(UInt64(Builder.heap) + 3 * 1024))
    #expect(
      allocation.allocated.length.addingClamped(allocation.unallocated.length)
        == ByteCount(UInt64(Builder.length)))
  }

  @Test func `finds live and deleted files, contiguous or with gaps`() throws {
    var builder = Builder()
    builder.list(
      Builder.set("live", size: 2000, start: 10),
      Builder.set("gaps", size: 3000, start: 12, isContiguous: false),
      Builder.set("gone", size: 2000, start: 30, isDeleted: true),
      Builder.set("gone gaps", size: 3000, start: 32, isContiguous: false, isDeleted: true))
    builder.use([10, 11, 12, 20, 13])
    builder.chain([12, 20, 13])
    builder.chain([32, 40, 33])
    let found = try findings(builder.bytes)
    #expect(found.map(\.path).sorted() == ["gaps", "gone", "gone gaps", "live"])
    #expect(found.named("live")?.clusters == [10, 11])
    #expect(found.named("gaps")?.clusters == [12, 20, 13])
    #expect(found.named("gone")?.clusters == [30, 31])
    #expect(found.named("gone gaps")?.clusters == [32, 40, 33])
    #expect(found.allSatisfy { $0.content.length == $0.size })
    for name in ["gone", "gone gaps"] {
      let file = try #require(found.named(name))
      #expect(file.verdict == .probable && file.evidence.contains(.blockListSurvived))
    }
  }

  @Test func `reads zeros behind the length that was written`() throws {
    var builder = Builder()
    builder.list(Builder.set("gone", size: 5000, start: 30, isDeleted: true, valid: 1500))
    let file = try #require(try findings(builder.bytes).named("gone"))
    #expect(file.clusters == [30, 31] && file.content.mediumRanges.map(\.length) == [1500])
    #expect(file.content.last == Extent(.hole, count: 3500) && file.content.length == 5000)
  }

  @Test func `assumes what follows where a chain is gone, and skips what others have`() throws {
    var builder = Builder()
    builder.list(
      Builder.set("live", size: 1024, start: 32),
      Builder.set("alone", size: 2048, start: 50, isContiguous: false, isDeleted: true),
      Builder.set("before", size: 4096, start: 30, isContiguous: false, isDeleted: true))
    builder.use([32])
    let found = try findings(builder.bytes)
    let alone = try #require(found.named("alone"))
    #expect(alone.clusters == [50, 51] && alone.evidence.contains(.contiguityAssumed))
    let before = try #require(found.named("before"))
    #expect(before.clusters == [30, 31, 33, 34] && before.evidence.contains(.gapsSkipped(1024)))
    #expect(before.verdict == .guessed)
  }

  @Test func `gives each file what follows its start before another one goes on there`() throws {
    var builder = Builder()
    builder.list(
      Builder.set("first", size: 4096, start: 30, isContiguous: false, isDeleted: true),
      Builder.set("second", size: 2048, start: 32, isContiguous: false, isDeleted: true))
    let found = try findings(builder.bytes)
    #expect(found.named("first")?.clusters == [30, 31, 34, 35])
    #expect(found.named("second")?.clusters == [32, 33])
  }

  @Test func `tells what a live file or a later deleted one has taken`() throws {
    var builder = Builder()
    builder.list(
      Builder.set("live", size: 1024, start: 31),
      Builder.set("old", size: 3072, start: 30, isDeleted: true, day: 1),
      Builder.set("older", size: 3072, start: 40, isDeleted: true, day: 1),
      Builder.set("newer", size: 1024, start: 41, isDeleted: true, day: 2))
    builder.use([31])
    let found = try findings(builder.bytes)
    let old = try #require(found.named("old"))
    #expect(old.evidence.contains(.overwritten(1024, by: "live")) && old.verdict == .partial)
    #expect(old.clusters == [30, 32] && old.content.length == 3072)
    let older = try #require(found.named("older"))
    #expect(older.evidence.contains(.claimedByDeleted(1024, by: "newer")))
    #expect(found.named("newer")?.evidence.contains { $0.isClaim } == false)
  }

  @Test func `does not call deleted what was renamed`() throws {
    var builder = Builder()
    builder.list(
      Builder.set("old name", size: 1024, start: 30, isDeleted: true),
      Builder.set("new name", size: 1024, start: 30))
    builder.use([30])
    #expect(try findings(builder.bytes).map(\.path) == ["new name"])
  }

  @Test func `believes no deleted set whose checksum is wrong`() throws {
    var builder = Builder()
    var deleted = Builder.set("gone", size: 1024, start: 30, isDeleted: true)
    var live = Builder.set("live", size: 1024, start: 31)
    deleted[40] ^= 1
    live[2] ^= 1
    builder.list(deleted, live)
    builder.use([31])
    let found = try findings(builder.bytes)
    #expect(found.map(\.path) == ["live"] && found.first?.evidence == [.listedAsLive])
  }

  @Test func `follows deleted folders, and names by number those that nothing lists`() throws {
    var builder = Builder()
    builder.list(
      Builder.set("folder", size: 1024, start: 30, isDeleted: true, isDirectory: true))
    builder.write(
      Builder.set("a", size: 1024, start: 31)
        + Builder.set("inner", size: 1024, start: 32, isDirectory: true), in: 30)
    builder.write(Builder.set("b", size: 1024, start: 33), in: 32)
    builder.write(Builder.set("c", size: 1024, start: 61), in: 60)
    let found = try findings(builder.bytes)
    #expect(
      found.map(\.path).sorted() == [
        "#60/c", "folder", "folder/a", "folder/inner", "folder/inner/b",
      ])
    let orphan = try #require(found.named("#60/c"))
    #expect(orphan.evidence.contains(.parentUnknown) && orphan.clusters == [61])
    #expect(found.named("folder/inner/b")?.evidence.contains(.parentUnknown) == false)
  }

  @Test func `ends where folders lie inside themselves`() throws {
    var builder = Builder()
    builder.list(
      Builder.set("live", size: 1024, start: 4, isDirectory: true),
      Builder.set("gone", size: 1 << 40, start: 30, isDeleted: true, isDirectory: true))
    builder.write(
      Builder.set("again", size: 1024, start: 30, isDirectory: true)
        + Builder.set("up", size: 1024, start: 4, isDirectory: true), in: 30)
    #expect(try findings(builder.bytes).count <= 4)
  }

  @Test func `ends where what is left of a folder behind a live file lists itself`() throws {
    var builder = Builder()
    builder.list(
      Builder.set("live", size: 32, start: 30),
      Builder.set("gone", size: 1024, start: 30, isDeleted: true, isDirectory: true))
    builder.use([30])
    let inner = ["one", "two", "three"].map {
      Builder.set($0, size: 1024, start: 30, isDirectory: true)
    }
    builder.write(
      [UInt8](repeating: 7, count: 32) + inner.joined() + Builder.set("a", size: 9, start: 40),
      in: 30)
    let found = try findings(builder.bytes)
    #expect(
      found.map(\.path).sorted()
        == ["gone", "gone/a", "gone/one", "gone/three", "gone/two", "live"])
  }

  @Test func `knows not what is in use where its bitmap is gone`() throws {
    var builder = Builder()
    builder.list(Builder.set("gone", size: 2048, start: 30, isDeleted: true))
    var bytes = builder.bytes
    bytes[Builder.place(of: 4) + 32] = 0x01
    let file = try #require(try findings(bytes).named("gone"))
    #expect(file.evidence.contains(.allocationUnknown(2048)) && file.clusters == [30, 31])
  }

  @Test func `loses nothing but what lies behind the end of the source`() throws {
    var builder = Builder()
    builder.list(
      Builder.set("cut", size: 4096, start: 100, isDeleted: true),
      Builder.set("behind", size: 1024, start: 150, isContiguous: false, isDeleted: true),
      Builder.set("nowhere", size: 1024, start: 5000, isDeleted: true))
    let found = try findings(Array(builder.bytes.prefix(Builder.place(of: 102))))
    let cut = try #require(found.named("cut"))
    #expect(cut.clusters == [100, 101] && cut.evidence.contains(.beyondMedium(2048)))
    #expect(found.named("behind")?.evidence.contains(.beyondMedium(1024)) == true)
    #expect(found.named("nowhere")?.verdict == .nameOnly)
  }

  @Test func `damaged anywhere in its metadata ends, and finds what it can`() throws {
    var builder = Builder()
    builder.list(
      Builder.set("live", size: 3000, start: 10, isContiguous: false),
      Builder.set("gone", size: 3000, start: 20, isContiguous: false, isDeleted: true),
      Builder.set("folder", size: 1024, start: 30, isDeleted: true, isDirectory: true))
    builder.use([10, 11, 12])
    builder.chain([10, 11, 12])
    builder.write(Builder.set("inner", size: 9000, start: 31), in: 30)
    builder.write(Builder.set("orphan", size: 9000, start: 35), in: 60)
    var random = Noise(state: 1)
    let places = [
      0..<512, 12 * 512..<12 * 512 + 512, Builder.table..<Builder.heap,
      Builder.place(of: 2)..<Builder.place(of: 2) + 25,
      Builder.place(of: 4)..<Builder.place(of: 4) + 600,
      Builder.place(of: 30)..<Builder.place(of: 30) + 96,
      Builder.place(of: 60)..<Builder.place(of: 60) + 96,
    ]
    for round in 0..<200 {
      var bytes = builder.bytes
      for _ in 0..<(round % 2 == 0 ? 3 : 60) {
        guard let place = places.randomElement(using: &random) else { continue }
        bytes[Int.random(in: place, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if round % 5 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
      let source = Source(MemoryMedium(bytes))
      _ = try? findings(bytes)
      _ = try? ExFATVolume.open(source)?.allocation()
      _ = ExFATVolume.lost(in: source, landmarks: landmarks(in: bytes), present: [])
    }
  }
}

extension Evidence {
  fileprivate var isClaim: Bool { if case .claimedByDeleted = self { true } else { false } }
}
