// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Testing
import Volumes

@testable import FAT

/// A FAT12 volume of 64 clusters of 512 bytes: reserved sector, one FAT, one sector of root.
struct VolumeBuilder {
  var bytes = [UInt8](repeating: 0, count: 67 * 512)

  init() {
    put(0x0B, [0x00, 0x02, 1, 1, 0, 1, 16, 0, 67, 0, 0xF8, 1, 0])
    put(0x1FE, [0x55, 0xAA])
    put(512, [0xF8, 0xFF, 0xFF])
  }

  mutating func put(_ offset: Int, _ new: [UInt8]) {
    bytes.replaceSubrange(offset..<(offset + new.count), with: new)
  }

  func offset(of cluster: Int) -> Int { 1536 + (cluster - 2) * 512 }

  mutating func chain(_ cluster: Int, _ next: Int) {
    let at = 512 + cluster * 3 / 2
    let old = Int(bytes[at]) | Int(bytes[at + 1]) << 8
    let new = cluster % 2 == 1 ? old & 0xF | next << 4 : old & 0xF000 | next
    put(at, [UInt8(new & 0xFF), UInt8(new >> 8)])
  }

  /// A short entry, 2004-02-14 12:00 written.
  static func entry(_ name: String, _ attributes: UInt8 = 0x20, cluster: Int, size: Int = 0)
    -> [UInt8]
  {
    var bytes = Array(name.utf8) + [UInt8](repeating: 0, count: 21)
    bytes[11] = attributes
    bytes.replaceSubrange(22..<26, with: [0x00, 0x60, 0x4E, 0x30])
    bytes[26] = UInt8(cluster)
    bytes[28] = UInt8(size & 0xFF)
    bytes[29] = UInt8(size >> 8)
    return bytes
  }

  static func deleted(_ entry: [UInt8]) -> [UInt8] { [0xE5] + entry.dropFirst() }

  /// The one slot of a long name of at most 13 letters.
  static func long(_ name: String, short: String) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 32)
    bytes[0] = 0x41
    bytes[11] = 0x0F
    bytes[13] = ShortName.checksum(Array(short.utf8))
    let units = Array(name.utf16) + [0] + [UInt16](repeating: 0xFFFF, count: 13)
    for (place, unit) in zip(DirectoryParser.unitPlaces, units) {
      bytes[place] = UInt8(unit & 0xFF)
      bytes[place + 1] = UInt8(unit >> 8)
    }
    return bytes
  }

  func findings() throws -> [Finding] {
    var all: [Finding] = []
    try FATVolume.open(Source(bytes: bytes))?.visit(number: 1, landmarks: []) { all.append($0) }
    return all
  }

  /// A volume with a live file, a deleted one with a long name, and a deleted folder with a file.
  static func sample() -> VolumeBuilder {
    var volume = VolumeBuilder()
    volume.put(
      1024,
      entry("LIVE    TXT", cluster: 2, size: 700)
        + deleted(long("Été 1.txt", short: "_T_1    TXT"))
        + deleted(entry("_T_1    TXT", cluster: 5, size: 600))
        + deleted(entry("FOLDER     ", 0x10, cluster: 8)))
    volume.chain(2, 3)
    volume.chain(3, 0xFFF)
    volume.put(
      volume.offset(of: 8),
      entry(".          ", 0x10, cluster: 8) + entry("..         ", 0x10, cluster: 0)
        + deleted(entry("INNER   DAT", cluster: 9, size: 10)))
    return volume
  }
}

@Suite struct `FAT volume` {
  @Test func `a live file has the bytes of its chain`() throws {
    let live = try #require(try VolumeBuilder.sample().findings().first { $0.name == "LIVE.TXT" })
    #expect(live.origin == .live && live.verdict == .intact && live.content.length == 700)
  }

  @Test func `a deleted file keeps its long name and its time`() throws {
    let file = try #require(try VolumeBuilder.sample().findings().first { $0.name == "Été 1.txt" })
    #expect(
      file.evidence.contains(.firstLetterComputed) && file.evidence.contains(.contiguityAssumed))
    #expect(file.times.modified == Timestamp(year: 2004, month: 2, day: 14, hour: 12))
  }

  @Test func `a short name without a long one lost its first letter`() throws {
    let file = try #require(try VolumeBuilder.sample().findings().first { $0.name == "_NNER.DAT" })
    #expect(file.folder == ["_OLDER"] && file.evidence.contains(.firstLetterLost))
  }

  @Test func `a directory that nothing names is found by its first entry`() throws {
    var volume = VolumeBuilder.sample()
    volume.put(1024 + 96, [UInt8](repeating: 0, count: 32))
    let file = try #require(try volume.findings().first { $0.name == "_NNER.DAT" })
    #expect(file.folder == ["#8"] && file.evidence.contains(.parentUnknown))
  }

  @Test func `a deleted file whose clusters are in use names their owner and has none of them`()
    throws
  {
    var volume = VolumeBuilder.sample()
    volume.put(
      1024 + 96, VolumeBuilder.deleted(VolumeBuilder.entry("OLD     TXT", cluster: 2, size: 700)))
    let file = try #require(try volume.findings().first { $0.name == "_LD.TXT" })
    #expect(file.evidence.contains(.overwritten(700, by: "LIVE.TXT")))
    #expect(file.verdict == .nameOnly)
  }

  @Test func `of two deleted files that start in one cluster the earlier one says who has it`()
    throws
  {
    var volume = VolumeBuilder.sample()
    var later = VolumeBuilder.entry("LATER   DAT", cluster: 20, size: 700)
    later.replaceSubrange(24..<26, with: [0x4F, 0x30])
    volume.put(
      1024 + 96,
      VolumeBuilder.deleted(VolumeBuilder.entry("EARLIER DAT", cluster: 20, size: 700))
        + VolumeBuilder.deleted(later))
    for cluster in [20, 21] {
      volume.put(volume.offset(of: cluster), [UInt8](repeating: 0x55, count: 188))
    }
    let found = try volume.findings()
    let first = try #require(found.first { $0.name == "_ARLIER.DAT" })
    let second = try #require(found.first { $0.name == "_ATER.DAT" })
    #expect(first.evidence.contains(.claimedByDeleted(700, by: "_ATER.DAT")))
    #expect(!second.evidence.contains { if case .claimedByDeleted = $0 { true } else { false } })
  }

  @Test func `a file whose end lies behind another one goes around it`() throws {
    var volume = VolumeBuilder.sample()
    volume.put(
      1024 + 96,
      VolumeBuilder.deleted(VolumeBuilder.entry("AROUND  DAT", cluster: 20, size: 700))
        + VolumeBuilder.deleted(VolumeBuilder.entry("WITHIN  DAT", cluster: 21, size: 512)))
    for cluster in [20, 21] {
      volume.put(volume.offset(of: cluster), [UInt8](repeating: 0x55, count: 512))
    }
    volume.put(volume.offset(of: 22), [UInt8](repeating: 0x66, count: 188))
    let file = try #require(try volume.findings().first { $0.name == "_ROUND.DAT" })
    #expect(file.evidence.contains(.gapsSkipped(512)))
  }

  @Test(
    arguments: [
      ([0x90, 0x54, 0x90], "ÉTÉ"), ([0xC9, 0x54, 0xC9], "ÉTÉ"), ([0xB5, 0x20, 0x20], "Á"),
      ([0xE2, 0x41, 0x20], "ÔA"), ([0x41, 0x42, 0x20], "AB"),
    ] as [([UInt8], String)]) func `a short name is read as letters`(bytes: [UInt8], name: String)
  {
    let short = bytes + [UInt8](repeating: 0x20, count: 8)
    #expect(ShortName.text(short, lowerCase: 0) == name)
  }

  @Test func `names in both forms tell the character set`() {
    let short: [UInt8] = [0xE2, 0x41, 0x7E, 0x31, 0x20, 0x20, 0x20, 0x20, 0x54, 0x58, 0x54]
    func pages(_ long: String) -> [CodePage] {
      CodePage.agreeing(short: short, isDeleted: false, long: long)
    }
    #expect(pages("ôa b.txt") == [.cp850])
    #expect(pages("âa b.txt") == [.cp1252])
    #expect(pages("γa.txt") == [.cp437] && pages("").isEmpty)
    var votes = CodePageVotes()
    votes.add([.cp1252])
    #expect(CodePageVotes().best == .cp850 && votes.best == .cp1252)
  }

  @Test func `a chain that loops ends with the size of its file`() throws {
    var volume = VolumeBuilder.sample()
    volume.chain(3, 2)
    let live = try #require(try volume.findings().first { $0.name == "LIVE.TXT" })
    #expect(live.content.length == 700)
  }

  @Test func `the allocation map of a sound volume has nothing unknown`() throws {
    let volume = try #require(
      try FATVolume.open(Source(bytes: [UInt8](VolumeBuilder.sample().bytes))))
    #expect(volume.kind == "FAT12")
    // Bytes in memory lie on no medium, so that all three sets are empty.
    #expect(volume.allocation().isSound)
  }

  @Test func `every checksum gives back the first letter`() {
    for letter in UInt8.min...UInt8.max {
      let name = [letter] + Array("ABCDEFGTXT".utf8)
      let sum = ShortName.checksum(name)
      #expect(ShortName.firstByte(before: Array(name.dropFirst()), checksum: sum) == letter)
    }
  }

  @Test func `a start that nobody ever wrote to is worse than an end that does not fit`() throws {
    var volume = LargeBuilder()
    // Other data stand behind the end of the file, as in a cluster that was used before.
    volume.write([UInt8](repeating: 0xB7, count: 512), in: 20)
    let boot = try BootSector(parsing: Array(volume.bytes.prefix(512)))
    let entry = DirectoryEntry(
      offset: 0, isDeleted: true, isDirectory: false, isLabel: false,
      name: "data.bin", hasLongName: true, firstLetter: .kept, high: 0, low: 20, size: 300,
      times: Times())
    let source = Source(bytes: volume.bytes)
    #expect(
      ContentHint.score(of: 20, entry, source, boot)
        > ContentHint.score(of: 40, entry, source, boot))
  }

  @Test func `a volume cut to any length never traps`() throws {
    let whole = VolumeBuilder.sample().bytes
    for length in stride(from: 0, to: whole.count, by: 37) {
      var volume = VolumeBuilder()
      volume.bytes = Array(whole.prefix(length))
      for finding in try volume.findings() { #expect(finding.content.length == finding.size) }
    }
  }

  @Test func `damaged bytes never trap and never change a file's length`() throws {
    let whole = VolumeBuilder.sample().bytes
    var seed: UInt64 = 7
    for _ in 0..<600 {
      var volume = VolumeBuilder()
      volume.bytes = whole
      for _ in 0..<4 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let area = [0..<64, 512..<640, 1024..<1184, 4608..<4704][Int(seed >> 60) % 4]
        volume.bytes[area.lowerBound + Int(seed >> 33) % area.count] = UInt8(seed >> 24 & 0xFF)
      }
      for finding in try volume.findings() { #expect(finding.content.length == finding.size) }
    }
  }
}
