// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import Testing

@testable import FileFormats

/// Builds archives of stored members.
private struct Archive {
  enum Form { case plain, descriptor, encrypted }

  private var members: [UInt8] = []
  private var directory: [UInt8] = []
  private var count: UInt16 = 0

  mutating func add(_ name: String, _ data: [UInt8], _ form: Form = .plain) {
    var crc = CRC32()
    crc.update(data)
    let flags: UInt16 = form == .descriptor ? 8 : form == .encrypted ? 1 : 0
    let sizes = little(crc.value) + little(UInt32(data.count)) + little(UInt32(data.count))
    let fixed = little(UInt16(20)) + little(flags) + little(UInt16(0)) + little(UInt32(0))
    let named = little(UInt16(name.utf8.count))
    directory +=
      [0x50, 0x4B, 1, 2] + little(UInt16(20)) + fixed + sizes + named
      + [UInt8](repeating: 0, count: 12) + little(UInt32(members.count)) + Array(name.utf8)
    members +=
      [0x50, 0x4B, 3, 4] + fixed + (form == .descriptor ? [UInt8](repeating: 0, count: 12) : sizes)
      + named + little(UInt16(0)) + Array(name.utf8) + data
    if form == .descriptor { members += [0x50, 0x4B, 7, 8] + sizes }
    count += 1
  }

  func bytes(comment: String = "") -> [UInt8] {
    members + directory + [0x50, 0x4B, 5, 6] + little(UInt32(0)) + little(count) + little(count)
      + little(UInt32(directory.count)) + little(UInt32(members.count))
      + little(UInt16(comment.utf8.count)) + Array(comment.utf8)
  }
}

@Suite struct `ZIP archives` {
  private func archive(_ names: String...) -> [UInt8] {
    var archive = Archive()
    for name in names { archive.add(name, Array("content of \(name)".utf8)) }
    return archive.bytes()
  }

  @Test func `a whole archive ends behind its comment`() throws {
    var archive = Archive()
    archive.add("a.txt", Array("hello".utf8))
    let bytes = archive.bytes(comment: "a comment")
    let result = try examine(.zip, bytes + junk(600))
    #expect(result.end == .complete)
    #expect(result.length == ByteCount(clamping: bytes.count))
    #expect(result.evidence.contains(.checksumsHold(count: 1, kind: "CRC-32")))
  }

  @Test func `two archives end to end are two`() throws {
    let first = archive("a.txt", "b.txt")
    #expect(
      try examine(.zip, first + archive("c.txt")).length == ByteCount(clamping: first.count))
  }

  @Test func `an archive within an archive does not end it`() throws {
    var outer = Archive()
    outer.add("inner.zip", archive("x.txt"))
    outer.add("after.txt", [1, 2, 3])
    let bytes = outer.bytes()
    #expect(try examine(.zip, bytes).length == ByteCount(clamping: bytes.count))
  }

  @Test func `an encrypted member proves nothing`() throws {
    var archive = Archive()
    archive.add("secret", junk(50), .encrypted)
    archive.add("plain", [1, 2, 3])
    let result = try examine(.zip, archive.bytes())
    let proof = result.evidence.contains { if case .checksumsHold = $0 { true } else { false } }
    #expect(!proof)
  }

  @Test func `what is packed in it gives its type`() throws {
    #expect(
      try examine(.zip, archive("[Content_Types].xml", "word/document.xml")).type == "docx")
    #expect(try examine(.zip, archive("[Content_Types].xml", "xl/workbook.xml")).type == "xlsx")
    #expect(try examine(.zip, archive("readme.txt")).type ?? "zip" == "zip")
  }

  @Test func `an archive cut anywhere is never whole`() throws {
    try expectNoneWhole(.zip, cutsOf: archive("a.txt", "b.txt"))
  }

  @Test func `an archive that lost its first member is not whole`() throws {
    let bytes = archive("a.txt", "b.txt")
    let second = 30 + 5 + "content of a.txt".utf8.count
    #expect(try examine(.zip, Array(bytes[second...])).end != .complete)
  }

  @Test func `damaged content is never proven`() throws {
    let bytes = archive("a.txt", "b.txt")
    for index in 35..<51 {
      var damaged = bytes
      damaged[index] ^= 1
      #expect(try examine(.zip, damaged).end != .complete, "byte \(index)")
    }
  }

  @Test func `damage gives a bounded answer`() throws {
    try expectBounded(.zip, damaging: archive("a.txt", "b.txt", "c.txt"))
  }
}
