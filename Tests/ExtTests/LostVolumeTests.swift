// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Fixtures
import Testing
import Volumes

@testable import Ext

@Suite struct `A lost ext volume` {
  /// Landmarks as a pass would meet them.
  private func landmarks(in bytes: [UInt8]) -> [Landmark] {
    var found: [Landmark] = []
    for at in stride(from: 0, to: bytes.count - 1024, by: 1024) {
      if bytes[at + 56] == 0x53, bytes[at + 57] == 0xEF {
        found.append(Landmark(.extSuperblock, at: ByteOffset(UInt64(at))))
      }
      if bytes[at] == 0x0A, bytes[at + 1] == 0xF3, bytes[at + 4] >= 80 || bytes[at + 5] > 0 {
        found.append(Landmark(.extExtentNode, at: ByteOffset(UInt64(at))))
      }
      if Array(bytes[at + 4..<at + 12]) == [0x0C, 0, 1, 2, 0x2E, 0, 0, 0] {
        found.append(Landmark(.extDirectory, at: ByteOffset(UInt64(at))))
      }
      if Array(bytes[at + 1012..<at + 1020]) == [0, 0, 0, 0, 0x0C, 0, 0, 0xDE] {
        found.append(Landmark(.extDirectoryTail, at: ByteOffset(UInt64(at + 1012))))
      }
    }
    return found
  }

  private func findings(of volume: any Volume, _ landmarks: [Landmark]) throws -> [Finding] {
    var found: [Finding] = []
    try volume.visit(number: 1, landmarks: landmarks) { found.append($0) }
    return found
  }

  @Test(arguments: [true, false])
  func `is found by its superblock, before a pass and after it`(hasPassed: Bool) throws {
    guard let bytes = try testImage("ext4-lost") else { return }
    let marks = hasPassed ? landmarks(in: bytes) : []
    let lost = ExtVolume.lost(in: Source(MemoryMedium(bytes)), landmarks: marks, present: [])
    #expect(lost.map(\.range) == [0x10_0000..<ByteOffset(18 << 20)])
    let volume = try #require(lost.first)
    #expect(volume.consistent == volume.examined)
    #expect(try findings(of: volume.volume, marks).count { $0.kind == .file } == 30)
  }

  @Test func `in force is not lost`() throws {
    guard let bytes = try testImage("ext4") else { return }
    let source = Source(MemoryMedium(bytes))
    let volume = try #require(try ExtVolume.open(source))
    let present = [PresentVolume(range: source.range, volume: volume)]
    for marks in [[], landmarks(in: bytes)] {
      #expect(ExtVolume.lost(in: source, landmarks: marks, present: present).isEmpty)
    }
  }

  @Test func `whose first blocks are gone is opened by a copy of its superblock`() throws {
    guard var bytes = try testImage("ext4-1k") else { return }
    bytes.replaceSubrange(0..<4096, with: [UInt8](repeating: 0, count: 4096))
    let source = Source(MemoryMedium(bytes))
    for marks in [[], landmarks(in: bytes)] {
      let lost = ExtVolume.lost(in: source, landmarks: marks, present: [])
      #expect(lost.map(\.range.lowerBound) == [0])
    }
  }

  @Test func `that was formatted over is told by the seed of its inodes`() throws {
    guard let bytes = try testImage("ext4-reformat") else { return }
    let source = Source(MemoryMedium(bytes))
    let volume = try #require(try ExtVolume.open(source))
    let present = [PresentVolume(range: source.range, volume: volume)]
    let lost = ExtVolume.lost(in: source, landmarks: landmarks(in: bytes), present: present)
    let former = try #require(lost.first)
    #expect(lost.count == 1 && former.consistent > 10)
    let found = try findings(of: former.volume, landmarks(in: bytes))
    #expect(found.allSatisfy { $0.origin == .undelete })
    #expect(found.contains { $0.verdict < .guessed && $0.folder?.first == "#12" })
    // Of what was never its own the new volume tells nothing.
    #expect(try findings(of: volume, landmarks(in: bytes)).allSatisfy { $0.origin == .live })
  }

  @Test func `leaves extents that its seals give back to their files`() throws {
    guard let bytes = try testImage("ext4-aged") else { return }
    let volume = try #require(try ExtVolume.open(Source(MemoryMedium(bytes))))
    let found = try findings(of: volume, landmarks(in: bytes))
    for name in ["0.png", "2.txt", "3.wav"] as [RawName] {
      let file = try #require(found.first { $0.name == name })
      #expect(file.content.count > 4 && file.evidence.contains(.sizeGuessed))
    }
  }

  @Test(arguments: ["ext4-lost", "ext4-reformat", "ext4-aged"])
  func `damaged anywhere is read or refused`(_ image: String) throws {
    guard let bytes = try testImage(image) else { return }
    let used = stride(from: 0, to: bytes.count, by: 64).filter { start in
      bytes[start..<start + 64].contains { $0 != 0 }
    }
    var random = Noise(state: 23)
    for round in 0..<8 {
      var damaged = bytes
      for _ in 0..<60 {
        let at = (used.randomElement(using: &random) ?? 0) + Int.random(in: 0..<61, using: &random)
        if Bool.random(using: &random) {
          damaged[at] = UInt8.random(in: 0...255, using: &random)
        } else {
          damaged.replaceSubrange(at..<at + 2, with: [0xFF, 0xFF])
        }
      }
      if round % 4 == 3 { damaged.removeLast(damaged.count / 3) }
      let source = Source(MemoryMedium(damaged))
      var present: [PresentVolume] = []
      if let volume = try? ExtVolume.open(source) {
        present.append(PresentVolume(range: source.range, volume: volume))
      }
      let marks = landmarks(in: damaged)
      for lost in ExtVolume.lost(in: source, landmarks: marks, present: present) {
        try lost.volume.visit(number: 1, landmarks: marks) { _ in }
      }
      for volume in present { try volume.volume.visit(number: 1, landmarks: marks) { _ in } }
    }
  }
}

@Suite struct `Likely places` {
  private let source = Source(bytes: [UInt8](repeating: 0, count: 8 << 20))

  private func all(_ places: LikelyPlaces) -> [UInt64] {
    var places = places
    var result: [UInt64] = []
    while let place = places.next() { result.append(place.rawValue) }
    return result
  }

  @Test func `are each tried once, up to the end of the source`() {
    let places = all(LikelyPlaces(in: source, beside: []))
    let aligned = (1..<8).map { UInt64($0) << 20 }
    #expect(places == [0, 63 * 512] + aligned)
  }

  @Test func `go on behind a volume that was found, not inside it`() {
    var places = LikelyPlaces(in: source, beside: [])
    _ = places.next()
    places.found(0..<0x50_0200)
    let rest: [UInt64] = [0x50_0200, 0x60_0000, 0x70_0000]
    #expect(all(places) == rest)
  }
}
