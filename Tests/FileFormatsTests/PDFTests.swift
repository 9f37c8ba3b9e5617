// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Testing

@testable import FileFormats

@Suite struct `PDF documents` {
  /// Three objects, their table, a title.
  private func bytes(title: String = "A report") -> [UInt8] {
    var text = "%PDF-1.4\n"
    var offsets: [Int] = []
    for object in [
      "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n",
      "2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n",
      "3 0 obj\n<< /Title (\(title)) /CreationDate (D:20240203040506Z) >>\nendobj\n",
    ] {
      offsets.append(text.utf8.count)
      text += object
    }
    let table = text.utf8.count
    text += "xref\n0 4\n0000000000 65535 f \n"
    for offset in offsets {
      let digits = String(offset)
      text += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
    }
    text += "trailer\n<< /Size 4 /Root 1 0 R /Info 3 0 R >>\nstartxref\n\(table)\n%%EOF\n"
    return Array(text.utf8)
  }

  @Test func `a document ends behind its mark`() throws {
    let result = try examine(.pdf, bytes() + junk(700))
    #expect(result.end == .complete)
    #expect(result.length == ByteCount(clamping: bytes().count))
  }

  @Test func `title and date come from its information`() throws {
    let result = try examine(.pdf, bytes())
    #expect(result.name == "A report")
    #expect(
      result.date == Timestamp(year: 2024, month: 2, day: 3, hour: 4, minute: 5, second: 6))
  }

  @Test func `two documents end to end are two`() throws {
    let first = bytes()
    let result = try examine(.pdf, first + bytes(title: "Another"))
    #expect(result.length == ByteCount(clamping: first.count))
  }

  @Test func `another document before the end is foreign`() throws {
    let all = bytes()
    let cut = try #require(all.firstIndex(of: Array("3 0 obj".utf8)))
    let result = try examine(.pdf, Array(all[..<cut]) + bytes(title: "Another one, longer"))
    // Behind the line break, or before it.
    #expect([cut - 1, cut].map { .broken(at: ByteOffset(UInt64($0))) }.contains(result.end))
  }

  @Test func `the first part of a linearized document is not its end`() throws {
    let head =
      "%PDF-1.4\n9 0 obj\n<< /Linearized 1 /L 90000 >>\nendobj\nxref\n9 1\n"
      + "0000000009 00000 n \ntrailer\n<< /Size 10 >>\nstartxref\n0\n%%EOF\n"
      + "1 0 obj\n<< /Type /Catalog >>\nendobj\n"
    let result = try examine(.pdf, Array(head.utf8) + junk(3000))
    #expect(result.end != .complete)
    #expect(result.length.rawValue >= UInt64(head.utf8.count - 1))
  }

  @Test func `a long string of bytes is foreign`() throws {
    let all = bytes()
    let cut = try #require(all.firstIndex(of: Array("A report".utf8)))
    let foreign = (0..<0x9000).map { UInt8($0 % 7) }
    let result = try examine(.pdf, Array(all[..<cut]) + foreign + Array(all[cut...]))
    #expect(result.end != .complete)
  }

  @Test func `objects that no table agrees with are no proof`() throws {
    let all = bytes()
    let place = try #require(all.firstIndex(of: Array("2 0 obj".utf8)))
    let shifted = Array(all[..<place]) + [UInt8](repeating: 0x20, count: 100) + Array(all[place...])
    let result = try examine(.pdf, shifted)
    #expect(result.end != .complete || result.evidence.contains(.payloadUnchecked))
  }

  @Test func `a document cut anywhere is never whole`() throws {
    // Behind the mark stands only a line break.
    let all = bytes()
    try expectNoneWhole(.pdf, cutsOf: Array(all.dropLast()))
  }

  @Test func `a table that points elsewhere is noticed`() throws {
    let all = bytes()
    let place = try #require(all.firstIndex(of: Array("2 0 obj".utf8)))
    var damaged = all
    damaged.replaceSubrange(place..<place + 7, with: junk(7))
    #expect(try examine(.pdf, damaged).end != .complete)
  }

  @Test func `damage gives a bounded answer`() throws {
    try expectBounded(.pdf, damaging: bytes())
  }

  @Test func `many marks end soon`() throws {
    let marks = Array(String(repeating: "startxref 9 %%EOF ", count: 5000).utf8)
    _ = try examine(.pdf, Array("%PDF-1.4\n".utf8) + marks)
  }
}
