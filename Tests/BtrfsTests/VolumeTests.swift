// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Fixtures
import Testing
import Volumes

@testable import Btrfs

/// Transaction 9 has `kept.txt` alone; transaction 5 had `gone.bin` too, of two sectors at 0x8_0000.
private func small() -> VolumeBuilder {
  var builder = VolumeBuilder()
  for sector in 0..<2 {
    builder.put(
      0x8_0000 + 4096 * UInt64(sector), [UInt8](repeating: 7 + UInt8(sector), count: 4096))
  }
  let top: [(key: Key, data: [UInt8])] = [
    (Key(256, 1, 0), VolumeBuilder.inode(size: 0, stored: 0, changed: 5, mode: 0o040755)),
    (Key(256, 12, 256), VolumeBuilder.name("..")),
    (Key(257, 1, 0), VolumeBuilder.inode(size: 3, stored: 3, changed: 4)),
    (Key(257, 12, 256), VolumeBuilder.name("kept.txt")),
    (Key(257, 108, 0), VolumeBuilder.inline([1, 2, 3])),
  ]
  let gone: [(key: Key, data: [UInt8])] = [
    (Key(258, 1, 0), VolumeBuilder.inode(size: 5000, stored: 8192, changed: 5)),
    (Key(258, 12, 256), VolumeBuilder.name("gone.bin")),
    (
      Key(258, 108, 0),
      VolumeBuilder.extent(at: 0x8_0000, stored: 8192, count: 8192, generation: 5)
    ),
  ]
  builder.leaf(at: 0x3_0000, tree: 5, generation: 9, top)
  builder.leaf(at: 0x3_1000, tree: 5, generation: 5, top + gone)
  builder.leaf(at: 0x3_2000, tree: 7, generation: 9, [])
  builder.leaf(
    at: 0x3_3000, tree: 7, generation: 5,
    [(Key(ObjectNumber.checksums, 128, 0x8_0000), builder.sums(of: 0x8_0000, sectors: 2))])
  builder.leaf(at: 0x3_4000, tree: 2, generation: 9, [])
  builder.leaf(
    at: 0x2_0000, tree: 1, generation: 9,
    [
      (Key(2, 132, 0), VolumeBuilder.root(at: 0x3_4000, generation: 9)),
      (Key(5, 132, 0), VolumeBuilder.root(at: 0x3_0000, generation: 9)),
      (Key(7, 132, 0), VolumeBuilder.root(at: 0x3_2000, generation: 9)),
    ])
  builder.leaf(
    at: 0x2_2000, tree: 1, generation: 5,
    [
      (Key(5, 132, 0), VolumeBuilder.root(at: 0x3_1000, generation: 5)),
      (Key(7, 132, 0), VolumeBuilder.root(at: 0x3_3000, generation: 5)),
    ])
  return builder
}

private func findings(_ builder: VolumeBuilder) throws -> [Finding] {
  let volume = try #require(try BtrfsVolume.open(builder.source()))
  var found: [Finding] = []
  try volume.visit(number: 1, landmarks: []) { found.append($0) }
  return found
}

@Suite struct `A Btrfs volume` {
  @Test func `lists what is present`() throws {
    let found = try findings(small()).filter { !$0.isDeleted }
    #expect(found.map(\.name) == ["kept.txt"])
    #expect(found.first?.content == [Extent(bytes: [1, 2, 3])])
    #expect(found.first?.times.modified == Timestamp(seconds: 1_000_000_004))
  }

  @Test func `gives back what an older tree has, with checksums that hold`() throws {
    let gone = try #require(try findings(small()).first(where: \.isDeleted))
    #expect(gone.name == "gone.bin")
    #expect(gone.folder == [])
    #expect(gone.size == 5000)
    #expect(gone.content == [Extent(0x8_0000..<0x8_1388)])
    #expect(gone.times.modified == Timestamp(seconds: 1_000_000_005))
    #expect(gone.evidence.contains(.checksumsHold(count: 2, kind: "CRC-32C")))
    #expect(gone.verdict == .verified)
  }

  @Test func `gives a deleted file its name, whichever file has its inode number now`() throws {
    var builder = small()
    builder.leaf(
      at: 0x3_0000, tree: 5, generation: 9,
      [
        (Key(256, 1, 0), VolumeBuilder.inode(size: 0, stored: 0, changed: 5, mode: 0o040755)),
        (Key(256, 12, 256), VolumeBuilder.name("..")),
        (Key(258, 1, 0), VolumeBuilder.inode(size: 3, stored: 3, changed: 9, made: 9)),
        (Key(258, 12, 256), VolumeBuilder.name("new.txt")),
        (Key(258, 108, 0), VolumeBuilder.inline([1, 2, 3])),
      ])
    let found = try findings(builder)
    #expect(found.first { !$0.isDeleted }?.name == "new.txt")
    let gone = try #require(found.first { $0.name == "gone.bin" })
    #expect(gone.verdict == .verified)
    #expect(!gone.evidence.contains(.olderVersion))
  }

  @Test func `dates the name of what a present file held before`() throws {
    var builder = small()
    builder.leaf(
      at: 0x3_0000, tree: 5, generation: 9,
      [
        (Key(256, 1, 0), VolumeBuilder.inode(size: 0, stored: 0, changed: 5, mode: 0o040755)),
        (Key(256, 12, 256), VolumeBuilder.name("..")),
        (Key(258, 1, 0), VolumeBuilder.inode(size: 3, stored: 3, changed: 9)),
        (Key(258, 12, 256), VolumeBuilder.name("gone.bin")),
        (Key(258, 108, 0), VolumeBuilder.inline([1, 2, 3])),
      ])
    let older = try #require(try findings(builder).first { $0.size == 5000 })
    #expect(older.name != "gone.bin")
    #expect(older.evidence.contains(.olderVersion))
    #expect(older.verdict == .probable)
  }

  @Test func `does so by the node alone, where its root tree is gone`() throws {
    var builder = small()
    builder.put(0x2_2000, [UInt8](repeating: 0, count: 4096))
    let gone = try #require(try findings(builder).first(where: \.isDeleted))
    #expect(gone.name == "gone.bin")
    #expect(gone.verdict == .verified)
  }

  @Test func `calls nothing verified of which a byte has changed`() throws {
    for at in [0x8_0000, 0x8_1387, 0x8_1FFF] {
      var builder = small()
      builder.bytes[at] ^= 1
      let gone = try #require(try findings(builder).first(where: \.isDeleted))
      #expect(gone.verdict == .partial)
    }
  }

  @Test func `calls nothing verified that has no checksums`() throws {
    var builder = small()
    builder.put(0x2_2000, [UInt8](repeating: 0, count: 4096))
    builder.put(0x3_3000, [UInt8](repeating: 0, count: 4096))
    let gone = try #require(try findings(builder).first(where: \.isDeleted))
    #expect(gone.verdict == .probable)
  }

  /// The same blocks were another file's before: its checksums are of an older transaction.
  @Test func `believes no checksum that is older than the extent`() throws {
    var builder = small()
    builder.put(0x2_2000, [UInt8](repeating: 0, count: 4096))
    builder.leaf(
      at: 0x3_3000, tree: 7, generation: 4,
      [(Key(ObjectNumber.checksums, 128, 0x8_0000), builder.sums(of: 0x8_0000, sectors: 2))])
    let gone = try #require(try findings(builder).first(where: \.isDeleted))
    #expect(gone.verdict == .probable)
  }

  @Test func `says who uses blocks that are not its own any more`() throws {
    var builder = small()
    builder.bytes[0x8_0000] ^= 1
    var item = Block(0x33)
    item.little(8, UInt64(9))
    item.little(0x10, UInt64(1))
    item.little(0x18, UInt8(178))
    item.little(0x19, UInt64(5))
    item.little(0x21, UInt64(257))
    builder.leaf(at: 0x3_4000, tree: 2, generation: 9, [(Key(0x8_0000, 168, 4096), item.bytes)])
    let gone = try #require(try findings(builder).first(where: \.isDeleted))
    #expect(gone.evidence.contains(.overwritten(4096, by: "kept.txt")))
    let volume = try #require(try BtrfsVolume.open(builder.source()))
    let allocation = volume.allocation()
    #expect(allocation.isSound)
    #expect(allocation.allocated.contains(0x8_0FFF))
    #expect(allocation.unallocated.contains(0x8_1000))
  }

  @Test func `takes what lies between extents for a hole only where nothing is missing`() throws {
    var builder = small()
    // The leaf with the extent of the inode is lost.
    let first: [(key: Key, data: [UInt8])] = [
      (Key(258, 1, 0), VolumeBuilder.inode(size: 5000, stored: 8192, changed: 5)),
      (Key(258, 12, 256), VolumeBuilder.name("gone.bin")),
    ]
    builder.leaf(at: 0x3_1000, tree: 5, generation: 5, first)
    builder.parent(
      at: 0x3_5000, tree: 5, generation: 5,
      [(Key(258, 1, 0), 0x3_1000, 5), (Key(258, 108, 0), 0x3_6000, 5)])
    builder.leaf(
      at: 0x2_2000, tree: 1, generation: 5,
      [(Key(5, 132, 0), VolumeBuilder.root(at: 0x3_5000, generation: 5, level: 1))])
    let gone = try #require(try findings(builder).first(where: \.isDeleted))
    #expect(gone.content == [Extent(.lost, count: 5000)])
    #expect(gone.verdict == .nameOnly)
  }

  @Test func `with a tree that leads back to itself ends`() throws {
    var builder = small()
    builder.parent(
      at: 0x3_0000, tree: 5, generation: 9, level: 7,
      (0..<100).map { (Key(256, 1, $0), 0x3_0000, 9) })
    builder.leaf(
      at: 0x2_0000, tree: 1, generation: 9,
      [(Key(5, 132, 0), VolumeBuilder.root(at: 0x3_0000, generation: 9, level: 7))])
    #expect(try findings(builder).map(\.name) == ["kept.txt", "gone.bin"])
  }

  @Test func `with a folder inside itself ends`() throws {
    var builder = small()
    builder.leaf(
      at: 0x3_0000, tree: 5, generation: 9,
      [
        (Key(300, 1, 0), VolumeBuilder.inode(size: 0, stored: 0, changed: 5, mode: 0o040755)),
        (Key(300, 12, 301), VolumeBuilder.name("a")),
        (Key(301, 1, 0), VolumeBuilder.inode(size: 0, stored: 0, changed: 5, mode: 0o040755)),
        (Key(301, 12, 300), VolumeBuilder.name("b")),
      ])
    let found = try findings(builder).filter { !$0.isDeleted }
    #expect(found.count == 2)
    #expect(found.allSatisfy { $0.evidence.contains(.parentUnknown) })
  }

  @Test func `damaged anywhere is read or refused`() throws {
    let bytes = small().bytes
    var random = Noise(state: 5)
    for _ in 0..<400 {
      var builder = small()
      for _ in 0..<4 {
        // A node or the superblock, sealed anew so that its damage is believed.
        let node =
          [0x1_0000, 0x2_0000, 0x2_1000, 0x2_2000, 0x3_0000, 0x3_1000, 0x3_3000, 0x3_4000]
          .randomElement(using: &random) ?? 0
        var block = Block(4096)
        block.bytes = Array(builder.bytes[node..<node + 4096])
        let used = block.bytes.indices.filter { block.bytes[$0] != 0 && $0 >= 0x20 }
        guard let at = used.randomElement(using: &random) else { continue }
        block.bytes[at] =
          [0, 1, 0x7F, 0xFF, UInt8.random(in: 0...255, using: &random)]
          .randomElement(using: &random) ?? 0
        block.seal()
        builder.put(UInt64(node), block.bytes)
      }
      guard let volume = try? BtrfsVolume.open(builder.source()) else { continue }
      _ = volume.allocation()
      try volume.visit(number: 1, landmarks: []) { _ in }
    }
    #expect(bytes.count == 1 << 20)
  }

  @Test func `cut short anywhere is read as far as it goes`() throws {
    let bytes = small().bytes
    for count in stride(from: 0, to: 0x9_0000, by: 4001) {
      guard let volume = try? BtrfsVolume.open(Source(bytes: Array(bytes[..<count]))) else {
        continue
      }
      _ = volume.allocation()
      try volume.visit(number: 1, landmarks: []) { _ in }
    }
  }

  @Test func `that no table lists is found by its superblock`() throws {
    let offset = 0x10_0000
    let bytes = [UInt8](repeating: 0, count: offset) + small().bytes
    let source = Source(MemoryMedium(bytes))
    let place = ByteOffset(UInt64(offset + 0x1_0000))
    for landmarks in [[], [Landmark(.btrfsSuperblock, at: place)]] {
      let lost = BtrfsVolume.lost(in: source, landmarks: landmarks, present: [])
      #expect(lost.map(\.range) == [0x10_0000..<0x20_0000])
    }
  }
}
