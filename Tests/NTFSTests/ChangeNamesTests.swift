// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Fixtures
import Testing
import Volumes

@testable import NTFS

@Suite struct `The change journal` {
  /// An entry of the version 2 or 3.
  static func entry(
    _ file: FileReference, in parent: FileReference, _ name: String, at place: UInt64,
    isFolder: Bool = false, version: UInt16 = 2, when: UInt64 = 0
  ) -> [UInt8] {
    let wide = version == 3
    let start = wide ? 0x4C : 0x3C
    let text = name.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    var bytes = [UInt8](repeating: 0, count: (start + text.count + 7) & ~7)
    Builder.put(UInt32(bytes.count), &bytes, at: 0)
    Builder.put(version, &bytes, at: 4)
    Builder.put(file.rawValue, &bytes, at: 8)
    Builder.put(parent.rawValue, &bytes, at: wide ? 0x18 : 0x10)
    Builder.put(place, &bytes, at: wide ? 0x28 : 0x18)
    Builder.put(when, &bytes, at: wide ? 0x30 : 0x20)
    Builder.put(UInt32(isFolder ? 0x10 : 0x20), &bytes, at: wide ? 0x44 : 0x34)
    Builder.put(UInt16(text.count), &bytes, at: start - 4)
    Builder.put(UInt16(start), &bytes, at: start - 2)
    bytes.replaceSubrange(start..<start + text.count, with: text)
    return bytes
  }

  /// What is found with pages of the journal at the clusters 104 and 112, of which the second is older.
  private func findings(
    _ new: [[UInt8]], _ old: [[UInt8]] = [], formatted: UInt64? = nil
  ) throws -> [Finding] {
    let records: [UInt64: [UInt8]] = [
      // A folder that took the record of another one.
      20: Builder.record(20, sequence: 9, flags: 3, [Builder.name("new", in: Builder.root)]),
      // A deleted file whose name went with another record.
      21: Builder.record(21, sequence: 4, flags: 0, [Builder.attribute(0x80, [1, 2, 3])]),
    ]
    var bytes = Builder.volume(records, formatted: formatted)
    for (cluster, page) in [(104, new), (112, old)] {
      let all = page.flatMap(\.self)
      bytes.replaceSubrange(cluster * 512..<cluster * 512 + all.count, with: all)
    }
    let medium = MemoryMedium(bytes)
    let volume = try #require(try NTFSVolume.open(Source(medium)))
    let landmarks = [104, 112].map {
      Landmark(.ntfsChange, at: ByteOffset(UInt64($0 * 512)))
    }
    var found: [Finding] = []
    try volume.visit(number: 1, landmarks: landmarks) { found.append($0) }
    return found
  }

  private let lost = FileReference(number: 23, sequence: 2)
  private let folder = FileReference(number: 20, sequence: 1)

  @Test(arguments: [2, 3] as [UInt16])
  func `names what has no record any more, and its folder`(version: UInt16) throws {
    let found = try findings([
      Self.entry(folder, in: Builder.root, "old", at: 0, isFolder: true, version: version),
      Self.entry(lost, in: folder, "lost.txt", at: 96, version: version),
    ])
    let file = try #require(found.first { $0.name == "lost.txt" })
    #expect(file.folder == ["old"])
    #expect(file.verdict == .nameOnly)
    #expect(file.evidence.contains(.nameFromChangeJournal))
  }

  @Test func `names a record without a name of its own`() throws {
    let found = try findings([
      Self.entry(FileReference(number: 21, sequence: 3), in: Builder.root, "joined", at: 0)
    ])
    let file = try #require(found.first { $0.name == "joined" })
    #expect(file.content == [Extent(bytes: [1, 2, 3])])
  }

  @Test func `tells of another life of a record nothing`() throws {
    let found = try findings([
      Self.entry(FileReference(number: 21, sequence: 1), in: Builder.root, "earlier", at: 0)
    ])
    #expect(found.contains { $0.name == "#21-3" && $0.content == [Extent(bytes: [1, 2, 3])] })
  }

  @Test func `has the last of several names, wherever its pages lie`() throws {
    let found = try findings(
      [
        Self.entry(lost, in: Builder.root, "second", at: 4096),
        Self.entry(lost, in: Builder.root, "third", at: 4192),
      ], [Self.entry(lost, in: Builder.root, "first", at: 0)])
    #expect(found.filter { $0.verdict == .nameOnly }.map(\.name) == ["third"])
  }

  @Test func `tells nothing of the volume before a format`() throws {
    let moment: UInt64 = 130_000_000_000_000_000
    let page = [Self.entry(lost, in: Builder.root, "lost.txt", at: 0, when: moment)]
    for (formatted, count) in [(moment - 10, 1), (moment + 10, 0)] {
      let found = try findings(page, formatted: formatted)
      #expect(found.filter { $0.name == "lost.txt" }.count == count)
    }
  }

  @Test func `that is damaged names nothing, and ends`() throws {
    var state = SystemlessRandom(state: 5)
    let page = [
      Self.entry(folder, in: Builder.root, "old", at: 0, isFolder: true),
      Self.entry(lost, in: folder, "lost.txt", at: 96),
    ].flatMap(\.self)
    for _ in 0..<3000 {
      var bytes = page
      for _ in 0...state.next() % 3 {
        bytes[Int(state.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: state.next())
      }
      #expect(ChangeRecord.all(in: bytes).count <= 2)
    }
    for count in 0..<page.count { _ = ChangeRecord.all(in: Array(page.prefix(count))) }
  }
}
