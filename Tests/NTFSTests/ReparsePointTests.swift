// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Testing

@testable import NTFS

/// A reparse point with its tag and data.
private func reparsePoint(_ tag: UInt32, _ data: [UInt8]) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: 8)
  Builder.put(tag, &bytes, at: 0)
  Builder.put(UInt16(data.count), &bytes, at: 4)
  return Builder.attribute(0xC0, bytes + data)
}

private func words(_ values: [UInt32]) -> [UInt8] {
  values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) } }
}

@Suite struct `A file that the system compressed` {
  private func files(
    _ algorithm: UInt32, size: UInt64, provider: UInt32 = 2, isDeleted: Bool = true,
    _ stream: [UInt8], at cluster: [(Int, [UInt8])] = []
  ) throws -> [Finding] {
    var bytes = Builder.volume([
      20: Builder.record(
        20, sequence: 2, flags: isDeleted ? 0 : 1,
        [
          Builder.name("a.dll", in: Builder.root), Builder.mapped([0x01, 17, 0], size: size),
          stream, reparsePoint(0x8000_0017, words([1, provider, 1, algorithm])),
        ])
    ])
    for (cluster, part) in cluster {
      bytes.replaceSubrange(cluster * 512..<cluster * 512 + part.count, with: part)
    }
    return try Builder.findings(bytes).filter { $0.kind == .file }
  }

  @Test(arguments: [false, true])
  func `is delivered as it was, piece by piece`(isDeleted: Bool) throws {
    // 100 bytes of the first piece of 4 KiB; then 256 bytes that would not shrink.
    let found = try files(
      0, size: 0x1100, isDeleted: isDeleted,
      Builder.mapped([0x11, 1, 110, 0], size: 360, name: "WofCompressedData"),
      at: [(110, words([100]))])
    let file = try #require(found.first)
    #expect(found.count == 1)
    #expect(file.name == "a.dll")
    let start = ByteOffset(56_324)
    #expect(
      file.content == [
        Extent(
          .packed(
            Packed(.xpressHuffman, stored: [start..<start.advancedClamped(by: 100)], length: 4096)),
          count: 4096),
        Extent(.medium(start.advancedClamped(by: 100)), count: 256),
      ])
    #expect(!file.evidence.contains { if case .notHandled = $0 { true } else { false } })
  }

  @Test func `may lie in its record`() throws {
    let found = try files(
      1, size: 3, Builder.attribute(0x80, [7, 8, 9], name: "WofCompressedData"))
    #expect(found.map(\.content) == [[Extent(bytes: [7, 8, 9])]])
  }

  @Test func `has lost a piece that cannot be where the table says`() throws {
    let found = try files(
      0, size: 0x2100,
      Builder.mapped([0x11, 1, 110, 0], size: 304, name: "WofCompressedData"),
      at: [(110, words([50, 40]))])
    let file = try #require(found.first)
    #expect(
      file.content.dropFirst() == [
        Extent(.lost, count: 4096), Extent(.medium(ByteOffset(56_368)), count: 256),
      ])
    #expect(file.evidence.contains(.blockListIncomplete(4096)))
  }

  @Test func `stays compressed where nobody knows how`() throws {
    let stream = Builder.attribute(0x80, [7, 8, 9], name: "WofCompressedData")
    for found in [
      try files(9, size: 3, stream), try files(0, size: 3, provider: 1, stream),
      // More pieces than there is room for.
      try files(0, size: 1 << 50, stream),
    ] {
      #expect(found.map(\.name) == ["a.dll", "a.dll:WofCompressedData"])
      #expect(found.first?.verdict != .intact)
      #expect(
        found.first?.evidence.contains(.notHandled("compression by the system (WOF)")) == true)
    }
  }
}

@Suite struct `A link` {
  private func link(_ tag: UInt32, _ head: [UInt8], _ target: String, shown: String) throws
    -> Finding?
  {
    let names = [target, shown].map { text in
      text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    }
    let place = [0, names[0].count, names[0].count, names[1].count].flatMap {
      [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)]
    }
    return try Builder.findings(
      Builder.volume([
        20: Builder.record(
          20, sequence: 2, flags: 2,
          [
            Builder.name("link", in: Builder.root),
            reparsePoint(tag, place + head + names[0] + names[1]),
          ])
      ])
    ).first { $0.name == "link" }
  }

  @Test func `is one, junction or symbolic link`() throws {
    for (tag, head) in [(0xA000_0003, []), (0xA000_000C, words([0]))] as [(UInt32, [UInt8])] {
      let found = try #require(try link(tag, head, "\\??\\C:\\there", shown: "C:\\there"))
      #expect(found.kind == .symbolicLink)
      #expect(found.content == [Extent(bytes: Array("C:\\there".utf8))])
      let bare = try #require(try link(tag, head, "\\??\\D:\\", shown: ""))
      #expect(bare.content == [Extent(bytes: Array("\\??\\D:\\".utf8))])
    }
  }
}
