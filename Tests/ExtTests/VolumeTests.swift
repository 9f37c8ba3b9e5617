// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Fixtures
import Testing
import Volumes

@testable import Ext

@Suite struct `An ext volume` {
  private func findings(_ builder: VolumeBuilder) throws -> [Finding] {
    let volume = try #require(try ExtVolume.open(builder.source()))
    var found: [Finding] = []
    try volume.visit(number: 1, landmarks: []) { found.append($0) }
    return found
  }

  private func small() -> VolumeBuilder {
    var builder = VolumeBuilder()
    builder.inode(2, mode: 0x41ED, size: 1024, blocks: [10])
    builder.inode(12, mode: 0x81A4, size: 2500, blocks: [20, 21, 25])
    builder.inode(13, mode: 0x41ED, size: 1024, blocks: [11])
    builder.put(
      10,
      VolumeBuilder.directory([
        (2, ".", 2), (2, "..", 2), (12, "file.txt", 1), (13, "folder", 2),
      ]))
    builder.put(11, VolumeBuilder.directory([(13, ".", 2), (2, "..", 2), (12, "link.txt", 1)]))
    return builder
  }

  @Test func `lists what is present, with its place and its time`() throws {
    let found = try findings(small())
    #expect(found.map(\.name) == ["file.txt", "folder", "link.txt"])
    #expect(found.map { $0.folder ?? [] } == [[], [], ["folder"]])
    #expect(found[0].size == 2500)
    #expect(
      found[0].content.mediumRanges == [
        ByteOffset(20 << 10)..<ByteOffset(22 << 10),
        ByteOffset(25 << 10)..<ByteOffset(25 << 10 + 452),
      ])
    #expect(found[0].times.modified == Timestamp(seconds: 1_000_000_000))
  }

  @Test func `with a folder inside itself ends`() throws {
    var builder = small()
    builder.put(
      11, VolumeBuilder.directory([(13, ".", 2), (2, "..", 2), (13, "again", 2), (2, "top", 2)]))
    #expect(try findings(builder).count == 4)
  }

  @Test func `counts blocks as free by its bitmap`() throws {
    var builder = small()
    var bitmap = Block()
    bitmap.put(0, [0xFF, 0x01])
    builder.put(3, bitmap.bytes)
    let volume = try #require(try ExtVolume.open(builder.source()))
    let allocation = volume.allocation()
    // Bit 0 is block 1: the first nine blocks are in use.
    #expect(Array(allocation.unallocated.ranges) == [ByteOffset(10 << 10)..<ByteOffset(64 << 10)])
  }

  @Test func `cut short anywhere is read as far as it goes`() throws {
    let bytes = small().bytes
    var opened = 0
    for count in stride(from: 0, to: bytes.count, by: 127) {
      guard let volume = try? ExtVolume.open(Source(bytes: Array(bytes[..<count]))) else {
        continue
      }
      opened += 1
      _ = volume.allocation()
      try volume.visit(number: 1, landmarks: []) { _ in }
    }
    #expect(opened > 300)
  }

  @Test(arguments: ["ext4-1k", "ext4-mounted", "ext3", "hostile"])
  func `damaged in its metadata is read or refused`(_ image: String) throws {
    guard var bytes = try testImage(image) else { return }
    if image == "hostile" { bytes.removeFirst(14336 * 512) }
    // What is zero says nothing; the rest is metadata and small files.
    let used = stride(from: 0, to: bytes.count, by: 64).filter { start in
      bytes[start..<start + 64].contains { $0 != 0 }
    }
    var random = Noise(state: 11)
    var opened = 0
    for _ in 0..<12 {
      var damaged = bytes
      for _ in 0..<40 {
        let at = (used.randomElement(using: &random) ?? 0) + Int.random(in: 0..<61, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: damaged[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: damaged.replaceSubrange(at..<at + 4, with: [0xFF, 0xFF, 0xFF, 0xFF])
        case 2: damaged.replaceSubrange(at..<at + 2, with: [0, 0])
        default: damaged[at] = UInt8.random(in: 0...255, using: &random)
        }
      }
      guard let volume = try? ExtVolume.open(Source(bytes: damaged)) else { continue }
      opened += 1
      _ = volume.allocation()
      try volume.visit(number: 1, landmarks: []) { _ in }
    }
    #expect(opened > 0)
  }
}

@Suite struct `Who occupies what` {
  @Test func `is found below a long range too`() {
    func range(_ start: UInt64, _ end: UInt64) -> Range<ByteOffset> {
      ByteOffset(start)..<ByteOffset(end)
    }
    let occupancy = Occupancy([
      (range(0, 1000), 1), (range(100, 200), 2), (range(300, 400), 3), (range(2000, 3000), 4),
    ])
    #expect(occupancy.overlaps(range(150, 350)).map(\.owner) == [1, 2, 3])
    #expect(occupancy.overlaps(range(1000, 2000)).isEmpty)
    #expect(occupancy.overlaps(range(2999, 5000)).map(\.owner) == [4])
  }
}
