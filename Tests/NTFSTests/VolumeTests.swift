// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings
import Fixtures
import Testing
import Volumes

@testable import NTFS

/// Records and a small volume, as they lie on the disk.
struct Builder {
  static func put<T: FixedWidthInteger>(_ value: T, _ bytes: inout [UInt8], at offset: Int) {
    for index in 0..<MemoryLayout<T>.size {
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> T(8 * index))
    }
  }

  static func attribute(_ type: UInt32, _ value: [UInt8], name: String = "") -> [UInt8] {
    let characters = name.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let start = (24 + characters.count + 7) & ~7
    var bytes = [UInt8](repeating: 0, count: (start + value.count + 7) & ~7)
    put(type, &bytes, at: 0)
    put(UInt32(bytes.count), &bytes, at: 4)
    bytes[9] = UInt8(name.utf16.count)
    put(UInt16(24), &bytes, at: 10)
    put(UInt32(value.count), &bytes, at: 16)
    put(UInt16(start), &bytes, at: 20)
    bytes.replaceSubrange(24..<24 + characters.count, with: characters)
    bytes.replaceSubrange(start..<start + value.count, with: value)
    return bytes
  }

  static func mapped(
    _ runs: [UInt8], size: UInt64, flags: UInt16 = 0, unit: UInt16 = 0, name: String = ""
  ) -> [UInt8] {
    let characters = name.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let start = 72 + characters.count
    var bytes = [UInt8](repeating: 0, count: (start + runs.count + 8) & ~7)
    bytes[9] = UInt8(name.utf16.count)
    put(UInt16(72), &bytes, at: 10)
    bytes.replaceSubrange(72..<start, with: characters)
    put(UInt32(0x80), &bytes, at: 0)
    put(UInt32(bytes.count), &bytes, at: 4)
    bytes[8] = 1
    put(flags, &bytes, at: 12)
    put(UInt16(start), &bytes, at: 0x20)
    put(unit, &bytes, at: 0x22)
    put(size, &bytes, at: 0x30)
    put(size, &bytes, at: 0x38)
    bytes.replaceSubrange(start..<start + runs.count, with: runs)
    return bytes
  }

  static func name(_ text: String, in parent: FileReference) -> [UInt8] {
    var value = [UInt8](repeating: 0, count: 0x42)
    put(parent.rawValue, &value, at: 0)
    value[0x40] = UInt8(text.utf16.count)
    value[0x41] = 1
    return attribute(
      0x30, value + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
  }

  static func record(_ number: UInt32, sequence: UInt16 = 1, flags: UInt16, _ attributes: [[UInt8]])
    -> [UInt8]
  {
    var bytes = Array("FILE".utf8) + [UInt8](repeating: 0, count: 1020)
    put(UInt16(0x30), &bytes, at: 4)
    put(UInt16(3), &bytes, at: 6)
    put(sequence, &bytes, at: 0x10)
    put(UInt16(0x38), &bytes, at: 0x14)
    put(flags, &bytes, at: 0x16)
    put(UInt32(1024), &bytes, at: 0x18)
    put(UInt32(1024), &bytes, at: 0x1C)
    put(number, &bytes, at: 0x2C)
    let body: [UInt8] = Array(attributes.joined()) + [0xFF, 0xFF, 0xFF, 0xFF]
    bytes.replaceSubrange(0x38..<0x38 + body.count, with: body)
    // The update sequence: what belongs at the ends goes into the array.
    bytes[0x30] = 7
    for part in 1...2 {
      let end = 512 * part
      bytes[0x30 + 2 * part] = bytes[end - 2]
      bytes[0x31 + 2 * part] = bytes[end - 1]
      bytes[end - 2] = 7
      bytes[end - 1] = 0
    }
    return bytes
  }

  static let root = FileReference(number: 5, sequence: 5)

  /// The standard information of a file with four times alike.
  static func times(_ moment: UInt64) -> [UInt8] {
    var value = [UInt8](repeating: 0, count: 48)
    for index in 0..<4 { put(moment, &value, at: 8 * index) }
    return attribute(0x10, value)
  }

  /// 128 clusters of 512 bytes; the MFT of 24 records from cluster 4 on; no bitmap.
  static func volume(_ records: [UInt64: [UInt8]], formatted: UInt64? = nil) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 128 * 512)
    bytes.replaceSubrange(3..<11, with: Array("NTFS    ".utf8))
    put(UInt16(512), &bytes, at: 0x0B)
    bytes[0x0D] = 1
    put(UInt64(127), &bytes, at: 0x28)
    put(UInt64(4), &bytes, at: 0x30)
    put(UInt64(100), &bytes, at: 0x38)
    put(Int8(-10), &bytes, at: 0x40)
    put(UInt16(0xAA55), &bytes, at: 0x1FE)
    var all = records
    all[0] = record(
      0, flags: 1,
      (formatted.map { [times($0)] } ?? []) + [mapped([0x11, 48, 4, 0], size: 24 * 1024)])
    all[5] = record(5, sequence: 5, flags: 3, [name(".", in: root)])
    for (number, record) in all {
      let at = 4 * 512 + Int(number) * 1024
      bytes.replaceSubrange(at..<at + 1024, with: record)
    }
    return bytes
  }

  static func findings(_ bytes: [UInt8]) throws -> [Finding] {
    let medium = MemoryMedium(bytes)
    guard let volume = try NTFSVolume.open(Source(medium)) else { return [] }
    var found: [Finding] = []
    try volume.visit(number: 1, landmarks: []) { found.append($0) }
    return found
  }
}

@Suite struct VolumeTests {
  private let text = Array("what stood in the file".utf8)

  @Test func aDeletedFileInADeletedFolderKeepsItsPath() throws {
    let folder = FileReference(number: 20, sequence: 1)
    let found = try Builder.findings(
      Builder.volume([
        20: Builder.record(20, sequence: 2, flags: 2, [Builder.name("folder", in: Builder.root)]),
        21: Builder.record(
          21, sequence: 2, flags: 0,
          [Builder.name("file.txt", in: folder), Builder.attribute(0x80, text)]),
      ]))
    let file = try #require(found.first { $0.kind == .file })
    #expect(file.folder == ["folder"])
    #expect(file.name == "file.txt")
    #expect(file.origin == .undelete)
    #expect(file.content == [Extent(bytes: text)])
  }

  @Test func aReusedFolderLendsNoPath() throws {
    let folder = FileReference(number: 20, sequence: 1)
    let found = try Builder.findings(
      Builder.volume([
        20: Builder.record(20, sequence: 2, flags: 3, [Builder.name("other", in: Builder.root)]),
        21: Builder.record(
          21, sequence: 2, flags: 0,
          [Builder.name("file.txt", in: folder), Builder.attribute(0x80, text)]),
      ]))
    let file = try #require(found.first { $0.kind == .file })
    #expect(file.folder == ["#20-1"])
    #expect(file.evidence.contains(.parentUnknown))
  }

  @Test func streamsAndFixedUpBytesAreWhole() throws {
    let long = (0..<700).map { UInt8(truncatingIfNeeded: $0) }
    let found = try Builder.findings(
      Builder.volume([
        21: Builder.record(
          21, flags: 1,
          [
            Builder.name("a", in: Builder.root), Builder.attribute(0x80, long),
            Builder.attribute(0x80, text, name: "side"),
          ])
      ]))
    let files = found.filter { $0.kind == .file }
    #expect(files.map(\.name) == ["a", "a:side"])
    #expect(files.map(\.content) == [[Extent(bytes: long)], [Extent(bytes: text)]])
  }

  @Test func foldersInsideThemselvesEnd() throws {
    let found = try Builder.findings(
      Builder.volume([
        20: Builder.record(
          20, flags: 3, [Builder.name("a", in: FileReference(number: 21, sequence: 1))]),
        21: Builder.record(
          21, flags: 3, [Builder.name("b", in: FileReference(number: 20, sequence: 1))]),
      ]))
    #expect(found.count == 3 || found.count == 2)
  }

  @Test func aThousandFoldersInOneAnotherTakeNoPathOfAThousand() throws {
    // Each record's folder is the one before it: paths that are remembered must not add up.
    var bytes = [UInt8](repeating: 0, count: 4 * 512)
    bytes.replaceSubrange(0..<512, with: Builder.volume([:]).prefix(512))
    Builder.put(UInt64(4_000), &bytes, at: 0x28)
    var records = [[UInt8]](repeating: [UInt8](repeating: 0, count: 1024), count: 1024)
    records[0] = Builder.record(
      0, flags: 1, [Builder.mapped([0x12, 0x00, 0x08, 4, 0], size: 1024 * 1024)])
    for number in 16..<1024 {
      let parent = FileReference(number: UInt64(number - 1), sequence: 1)
      records[number] = Builder.record(
        UInt32(number), flags: 3, [Builder.name("d", in: number == 16 ? Builder.root : parent)])
    }
    bytes += records.joined()
    bytes += [UInt8](repeating: 0, count: 2_000 * 512)
    let found = try Builder.findings(bytes)
    #expect(found.count == 1008)
    #expect(found.allSatisfy { ($0.folder ?? []).count <= 257 })
  }

  @Test func aGapInTheListOfRunsIsNoEndOfTheMedium() throws {
    let found = try Builder.findings(
      Builder.volume([
        20: Builder.record(
          20, sequence: 2, flags: 0,
          [Builder.name("cut", in: Builder.root), Builder.mapped([0x11, 2, 110, 0], size: 2000)]),
        21: Builder.record(
          21, sequence: 2, flags: 0,
          [Builder.name("far", in: Builder.root), Builder.mapped([0x11, 9, 120, 0], size: 4600)]),
        22: Builder.record(
          22, sequence: 2, flags: 0,
          [Builder.name("none", in: Builder.root), Builder.attribute(0x20, [])]),
      ]))
    let cut = try #require(found.first { $0.name == "cut" })
    #expect(cut.evidence.contains(.blockListIncomplete(976)))
    let far = try #require(found.first { $0.name == "far" })
    #expect(far.evidence.contains { if case .beyondMedium = $0 { true } else { false } })
    let none = try #require(found.first { $0.name == "none" })
    #expect(none.evidence.contains(.blockListIncomplete(0)))
  }

  /// A folder without a name, whose parent's record has the rest of an entry of that moment.
  private func cutName(of moments: [UInt64], parentMadeAt parent: UInt64) throws -> [Finding] {
    func times(_ moment: UInt64) -> [UInt8] {
      var value = [UInt8](repeating: 0, count: 48)
      Builder.put(moment, &value, at: 0)
      return Builder.attribute(0x10, value)
    }
    var upper = Builder.record(
      20, sequence: 2, flags: 2, [times(parent), Builder.name("upper", in: Builder.root)])
    Builder.put(moments[0], &upper, at: 0x228)
    upper[0x243] = 0x10
    upper[0x248] = 3
    upper.replaceSubrange(0x24A..<0x250, with: [0x63, 0, 0x75, 0, 0x74, 0])
    var records: [UInt64: [UInt8]] = [
      20: upper,
      23: Builder.record(
        23, sequence: 2, flags: 0,
        [
          Builder.name("file.txt", in: FileReference(number: 21, sequence: 1)),
          Builder.attribute(0x80, text),
        ]),
    ]
    for (index, moment) in moments.enumerated() {
      records[UInt64(21 + index)] = Builder.record(
        UInt32(21 + index), sequence: 2, flags: 2, [times(moment)])
    }
    return try Builder.findings(Builder.volume(records)).filter { $0.kind == .file }
  }

  @Test func aFolderIsNamedByAnEntryWithoutAFrontThatIsOfItsMoment() throws {
    let moment: UInt64 = 132_000_000_001_234_567
    let file = try #require(try cutName(of: [moment], parentMadeAt: moment - 1).first)
    #expect(file.folder == ["upper", "cut"])
    #expect(file.evidence.contains(.nameFromFreedDirectory))
  }

  @Test func anEntryWithoutAFrontNamesNothingWhereItsMomentIsNotOne() throws {
    let moment: UInt64 = 132_000_000_001_234_567
    // Of two folders; a whole second; from before the parent's life.
    for (moments, parent) in [
      ([moment, moment], moment - 1), ([132_000_000_000_000_000], moment - 10_000_000),
      ([moment], moment + 1),
    ] {
      let file = try #require(try cutName(of: moments, parentMadeAt: parent).first)
      #expect(file.folder == ["#21-1"])
    }
  }

  @Test func aFileOfTwoToThe59BytesIsMostlyAHole() throws {
    let found = try Builder.findings(
      Builder.volume([
        20: Builder.record(
          20, sequence: 2, flags: 0,
          [
            Builder.name("huge", in: Builder.root),
            Builder.mapped([0x11, 1, 110, 0x07, 0, 0, 0, 0, 0, 0, 4, 0], size: 1 << 59),
          ])
      ]))
    let huge = try #require(found.first { $0.name == "huge" })
    #expect(huge.size == ByteCount(1 << 59))
    #expect(huge.content.length == huge.size)
  }

  @Test func whatLiesInClustersOfALiveFileIsTold() throws {
    let found = try Builder.findings(
      Builder.volume([
        20: Builder.record(
          20, flags: 1,
          [Builder.name("live", in: Builder.root), Builder.mapped([0x11, 2, 110, 0], size: 1000)]),
        21: Builder.record(
          21, sequence: 2, flags: 0,
          [Builder.name("gone", in: Builder.root), Builder.mapped([0x11, 3, 109, 0], size: 1500)]),
      ]))
    let gone = try #require(found.first { $0.name == "gone" })
    #expect(gone.content == [Extent(.medium(ByteOffset(55_808)), count: 1500)])
    #expect(
      gone.evidence.contains {
        if case .overwritten(let count, by: "live") = $0 { count == 988 } else { false }
      })
  }

  @Test func damageNeverTraps() throws {
    let folder = FileReference(number: 20, sequence: 1)
    let whole = Builder.volume([
      20: Builder.record(20, sequence: 2, flags: 2, [Builder.name("folder", in: Builder.root)]),
      21: Builder.record(
        21, flags: 1,
        [
          Builder.name("packed", in: folder),
          Builder.mapped([0x11, 2, 110, 0x01, 14, 0], size: 8000, flags: 1, unit: 4),
        ]),
    ])
    var random = SystemlessRandom(state: 7)
    for round in 0..<2000 {
      var bytes = whole
      for _ in 0..<(1 + round % 8) {
        let place = [0, 4 * 512, 9 * 1024 - 2048, 22 * 1024, 23 * 1024][Int(random.next() % 5)]
        bytes[place + Int(random.next() % 512)] = UInt8(truncatingIfNeeded: random.next() >> 16)
      }
      if round % 5 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
      _ = try? Builder.findings(bytes)
    }
  }
}

/// The same numbers in each run.
struct SystemlessRandom {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 11
  }
}

@Suite struct LZNT1Tests {
  @Test func copiesReachBackInTheirChunk() {
    // "ab", then five bytes from two back.
    let chunk: [UInt8] = [0b100, 0x61, 0x62, 0x02, 0x10]
    let header: [UInt8] = [UInt8(chunk.count - 1), 0xB0]
    #expect(LZNT1.unpack(header + chunk + [0, 0], limit: 4096) == Array("abababa".utf8))
  }

  @Test func copiesBeforeTheStartAreRefused() {
    #expect(LZNT1.unpack([0x02, 0xB0, 0b1, 0x00, 0x10], limit: 4096) == nil)
  }
}
