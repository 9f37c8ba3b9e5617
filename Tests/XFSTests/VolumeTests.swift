// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Fixtures
import Testing
import Volumes

@testable import XFS

@Suite struct `An XFS volume` {
  private func findings(_ bytes: [UInt8]) throws -> [Finding] {
    guard let volume = try XFSVolume.open(Source(MemoryMedium(bytes))) else { return [] }
    var found: [Finding] = []
    try volume.visit(number: 1, landmarks: landmarks(in: bytes)) { found.append($0) }
    return found
  }

  @Test func `names deleted files with their sizes, and lists the present ones`() throws {
    guard let image = try testImage() else { return }
    let found = try findings(image)
    let deleted = found.filter { $0.isDeleted && $0.kind == .file }
    #expect(found.contains { $0.origin == .live })
    #expect(deleted.count == 20)
    #expect(deleted.allSatisfy { $0.name != nil && !$0.evidence.contains(.parentUnknown) })
    #expect(deleted.allSatisfy { $0.content.length == $0.size })
  }

  @Test func `counts each byte once, as in use or not`() throws {
    guard let image = try testImage() else { return }
    let volume = try #require(try XFSVolume.open(Source(MemoryMedium(image))))
    let allocation = volume.allocation()
    #expect(allocation.isSound)
    #expect(allocation.allocated.intersection(allocation.unallocated).isEmpty)
    #expect(
      allocation.allocated.length.addingClamped(allocation.unallocated.length)
        == volume.superblock.byteCount)
  }

  @Test func `with a damaged header of free space knows not what is in use there`() throws {
    guard var image = try testImage() else { return }
    image[512 + 0x30] ^= 1
    let volume = try #require(try XFSVolume.open(Source(MemoryMedium(image))))
    #expect(!volume.allocation().isSound)
  }

  @Test func `opens by another group's superblock`() throws {
    guard var image = try testImage() else { return }
    image[0x58] ^= 0xFF
    let volume = try #require(try XFSVolume.open(Source(MemoryMedium(image))))
    #expect(volume.remarks == ["opened by the superblock of another group"])
  }

  @Test func `whose log does not say that it was unmounted has a remark`() throws {
    guard var image = try testImage() else { return }
    #expect(try XFSVolume.open(Source(MemoryMedium(image)))?.remarks == [])
    // The operation of the log itself (0xAA) that says so (0x20), and its two letters.
    let unmounted: [UInt8] = [0xAA, 0x20, 0, 0, 0x6E, 0x55]
    for at in stride(from: 0, to: image.count, by: 4) where image.holds(unmounted, at: at) {
      image[at + 1] = 0
    }
    let volume = try #require(try XFSVolume.open(Source(MemoryMedium(image))))
    #expect(volume.remarks.first?.hasPrefix("not unmounted") == true)
  }

  @Test func `that no table lists is found by its superblocks`() throws {
    guard let image = try testImage() else { return }
    let disk = [UInt8](repeating: 0, count: 1 << 20) + image
    let source = Source(MemoryMedium(disk))
    let before = XFSVolume.lost(in: source, landmarks: [], present: [])
    let after = XFSVolume.lost(in: source, landmarks: landmarks(in: disk), present: [])
    #expect(before.map(\.range.lowerBound) == [0x10_0000])
    #expect(after.map(\.range) == before.map(\.range))
    #expect(after.first?.consistent == 2)
  }

  @Test func `damaged anywhere in its metadata ends, and finds what it can`() throws {
    guard let image = try testImage() else { return }
    var random = Noise(state: 1)
    let places = landmarks(in: image).map { Int($0.offset.rawValue) } + [0, 512, 1024, 1536]
    for round in 0..<40 {
      var bytes = image
      for _ in 0..<(round % 2 == 0 ? 3 : 200) {
        let place =
          (places.randomElement(using: &random) ?? 0) + Int.random(in: 0..<512, using: &random)
        bytes[place] = UInt8.random(in: 0...255, using: &random)
      }
      if round % 5 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
      _ = try? findings(bytes)
    }
  }
}
