// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Fixtures
import Testing

@testable import NTFS

@Suite struct `A file of NTFS` {
  @Test func `that another deleted one was written over says by whom`() throws {
    let day: UInt64 = 864_000_000_000
    for isFirstLater in [false, true] {
      let moments = [150_000 * day, 150_001 * day].map { isFirstLater ? 300_001 * day - $0 : $0 }
      let found = try Builder.findings(
        Builder.volume([
          20: Builder.record(
            20, sequence: 2, flags: 0,
            [
              Builder.times(moments[0]), Builder.name("one", in: Builder.root),
              Builder.mapped([0x11, 3, 110, 0], size: 1500),
            ]),
          21: Builder.record(
            21, sequence: 2, flags: 0,
            [
              Builder.times(moments[1]), Builder.name("two", in: Builder.root),
              Builder.mapped([0x11, 2, 112, 0], size: 1000),
            ]),
        ]))
      let (loser, winner) = isFirstLater ? ("two", "one") : ("one", "two")
      let lost = try #require(found.first { $0.name?.text == loser })
      #expect(lost.evidence.contains(.claimedByDeleted(512, by: winner)))
      #expect(lost.verdict == .partial)
      let kept = try #require(found.first { $0.name?.text == winner })
      #expect(!kept.evidence.contains { if case .claimedByDeleted = $0 { true } else { false } })
    }
  }

  @Test(arguments: [0, 1] as [UInt16])
  func `is listed under each of its names`(flags: UInt16) throws {
    let folder = FileReference(number: 20, sequence: 1)
    let found = try Builder.findings(
      Builder.volume([
        20: Builder.record(20, flags: 3, [Builder.name("folder", in: Builder.root)]),
        21: Builder.record(
          21, sequence: flags == 0 ? 2 : 1, flags: flags,
          [
            Builder.name("one", in: Builder.root), Builder.name("two", in: folder),
            Builder.attribute(0x80, [1, 2]),
          ]),
      ])
    ).filter { $0.kind == .file }
    #expect(found.map(\.name) == ["one", "two"])
    #expect(found.map(\.folder) == [[], ["folder"]])
    #expect(Set(found.map(\.key)).count == 2)
  }

  @Test func `that is encrypted says so`() throws {
    let found = try Builder.findings(
      Builder.volume([
        20: Builder.record(
          20, flags: 1,
          [
            Builder.name("secret", in: Builder.root),
            Builder.mapped([0x11, 2, 110, 0], size: 1000, flags: 0x4000),
          ])
      ]))
    let file = try #require(found.first { $0.name == "secret" })
    #expect(file.evidence.contains(.notHandled("encryption")))
    #expect(file.verdict == .partial)
    #expect(file.content == [Extent(.medium(ByteOffset(56_320)), count: 1000)])
  }
}

@Suite struct `A damaged volume` {
  private let record = Builder.record(
    20, sequence: 2, flags: 0,
    [Builder.name("file", in: Builder.root), Builder.attribute(0x80, [1, 2, 3])])

  private func names(_ bytes: [UInt8]) throws -> [String] {
    let source = Source(MemoryMedium(bytes))
    let volume = try? NTFSVolume.open(source) ?? NTFSVolume.openByBackup(source)
    var names: [String] = []
    try (volume ?? NTFSVolume.openByBackup(source))?.visit(number: 1, landmarks: []) {
      names.append($0.name?.text ?? "")
    }
    return names
  }

  /// A volume with a backup of its boot sector behind it, and a mirror of its first records.
  private var whole: [UInt8] {
    var bytes = Builder.volume([20: record])
    bytes.replaceSubrange(100 * 512..<102 * 512, with: bytes[4 * 512..<6 * 512])
    bytes.replaceSubrange(127 * 512..<128 * 512, with: bytes[..<512])
    return bytes
  }

  @Test(arguments: [0x30, 0x38, 0x40, 0x0D, 0x28, 3, 0x1FE])
  func `is read in spite of a wrong field of its boot sector`(field: Int) throws {
    var bytes = whole
    bytes[field] = 0x04 ^ bytes[field]
    #expect(try names(bytes) == ["file"])
    if field == 0x30 {
      bytes[field + 8] ^= 0x04
      #expect(try names(bytes) == ["file"])
    }
  }

  @Test func `is read without a first record, or a first sector`() throws {
    var bytes = whole
    bytes.replaceSubrange(4 * 512..<5 * 512, with: [UInt8](repeating: 0, count: 512))
    #expect(try names(bytes) == ["file"])
    bytes.replaceSubrange(0..<512, with: [UInt8](repeating: 0, count: 512))
    #expect(try names(bytes) == ["file"])
  }
}
