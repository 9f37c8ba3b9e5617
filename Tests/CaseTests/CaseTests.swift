// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Foundation
import GRDB
import Testing

@testable import Case

/// A case in a folder of its own.
private final class Temporary {
  let folder = NSTemporaryDirectory() + "renflou-case-" + UUID().uuidString
  let record: Case

  init() throws { record = try Case.create(at: folder) }
  deinit { try? FileManager.default.removeItem(atPath: folder) }
}

private func finding(
  _ name: String, in folder: [RawName] = [], size: UInt64 = 1, origin: Finding.Origin = .undelete,
  modified: Int64? = nil, evidence: [Evidence] = [.deletedEntry]
) -> Finding {
  Finding(
    volume: 1, origin: origin, folder: folder, name: RawName(name),
    type: RawName(name).pathExtension, size: ByteCount(size),
    times: Times(modified: modified.flatMap { Timestamp(seconds: $0) }),
    content: [Extent(.medium(512), count: ByteCount(size))], evidence: evidence, key: 7)
}

@Suite struct `A case` {
  private let temporary: Temporary
  private var record: Case { temporary.record }

  init() throws { temporary = try Temporary() }

  private func names(_ change: (inout Query) -> Void) throws -> [String] {
    var query = Query(show: .all)
    change(&query)
    var names: [String] = []
    try record.each(query) { _, finding in
      names.append(finding.name?.text ?? "-")
      return true
    }
    return names
  }

  private func fill() throws {
    try record.add(
      [
        finding("b.jpg", in: ["photos", "2024"], size: 3000, modified: 200),
        finding("a.jpg", in: ["photos"], size: 20, modified: 100),
        finding("c.TXT", in: ["photos"], size: 500, origin: .journal, modified: 300),
        finding("Été.docx", size: 70, origin: .live, evidence: [.listedAsLive]),
      ])
    try record.finishScan()
  }

  @Test func `gives back exactly what was put in`() throws {
    let evidence: [Evidence] = [
      .journalCopy(transaction: 9), .overwritten(5, by: "é"), .brokenAt(77, problem: "x"),
      .checksumsHold(count: .max, kind: "CRC-32"), .firstLetterGuessed,
    ]
    let whole = Finding(
      volume: 3, origin: .journal, kind: .symbolicLink, folder: ["a", RawName([0xFF, 0x2F])],
      name: RawName([0, 0x0A, 0xFF]), type: "x", size: ByteCount(.max),
      times: Times(
        created: Timestamp(nanoseconds: .min), modified: Timestamp(nanoseconds: -1),
        changed: Timestamp(nanoseconds: .max), accessed: nil),
      content: [
        Extent(.medium(ByteOffset(.max)), count: 0), Extent(.hole, count: 9),
        Extent(.lost, count: 1), Extent(bytes: [1, 2, 3]),
      ], evidence: evidence, key: .max)
    try record.add([whole], carving: CarvingProgress(position: 5, cutShort: 2, credit: 7))
    #expect(try record.finding(1) == whole)
    #expect(try record.carving() == CarvingProgress(position: 5, cutShort: 2, credit: 7))
    #expect(try record.finding(2) == nil)
  }

  @Test func `lists in order of folder and name`() throws {
    try fill()
    #expect(try names { _ in } == ["Été.docx", "a.jpg", "c.TXT", "b.jpg"])
  }

  @Test func `answers every filter`() throws {
    try fill()
    #expect(try names { $0.show = .deleted } == ["a.jpg", "c.TXT", "b.jpg"])
    #expect(try names { $0.show = .live } == ["Été.docx"])
    #expect(try names { $0.types = ["jpg"] } == ["a.jpg", "b.jpg"])
    #expect(try names { $0.name = "*.txt" } == ["c.TXT"])
    #expect(try names { $0.name = "été*" } == ["Été.docx"])
    #expect(try names { $0.path = "photos/*" } == ["a.jpg", "c.TXT"])
    #expect(try names { $0.path = "photos/**" } == ["a.jpg", "c.TXT", "b.jpg"])
    #expect(try names { $0.path = "**/2024/*" } == ["b.jpg"])
    #expect(try names { $0.origins = [.journal] } == ["c.TXT"])
    #expect(try names { $0.minimumSize = 500 } == ["c.TXT", "b.jpg"])
    #expect(try names { $0.maximumSize = 69 } == ["a.jpg"])
    #expect(try names { $0.since = Timestamp(seconds: 200) } == ["c.TXT", "b.jpg"])
    #expect(try names { $0.until = Timestamp(seconds: 199) } == ["a.jpg"])
    #expect(try names { $0.limit = 2 }.count == 2)
    #expect(try names { $0.name = "nothing" }.isEmpty)
  }

  @Test func `counts what it lists`() throws {
    try fill()
    #expect(try record.count(Query(show: .all)) == 4)
    #expect(try record.totals(Query(show: .deleted)).reduce(0) { $0 + $1.count } == 3)
  }

  @Test func `numbers findings as at first once they are forgotten`() throws {
    func numbers() throws -> [Int64] {
      var result: [Int64] = []
      try record.each(Query(show: .all)) { id, _ in
        result.append(id)
        return true
      }
      return result
    }
    try record.add([finding("a"), finding("b", origin: .carve)])
    let first = try numbers()
    try record.deleteFindings()
    #expect(try numbers().isEmpty)
    try record.add([finding("a"), finding("b", origin: .carve)])
    #expect(try numbers() == first)
  }

  @Test func `keeps ranges, marks and defects of a pass`() throws {
    try record.addPass([
      PassResult(
        range: 0..<100, marks: [Mark(kind: 2, offset: 50), Mark(kind: 1, offset: 50)],
        defects: RangeSet(10..<20)),
      PassResult(range: 100..<200, marks: [], defects: RangeSet()),
    ])
    #expect(try Array(record.scanned().ranges) == [0..<200])
    #expect(try Array(record.defects().ranges) == [10..<20])
  }

  @Test func `tells when a line of its log was changed`() throws {
    for line in 1...5 { try record.log("event", "\(line)", at: Timestamp(nanoseconds: 1)) }
    #expect(try record.firstBrokenLogLine() == nil)
    try record.write { try $0.execute(sql: "UPDATE log SET detail = 'x' WHERE line = 3") }
    #expect(try record.firstBrokenLogLine() == 3)
  }

  @Test func `tells when a line of its log was taken out`() throws {
    for line in 1...5 { try record.log("event", "\(line)", at: Timestamp(nanoseconds: 1)) }
    try record.write { try $0.execute(sql: "DELETE FROM log WHERE line = 2") }
    #expect(try record.firstBrokenLogLine() != nil)
  }

  @Test func `is opened again as it was`() throws {
    try fill()
    let again = try Case.open(at: temporary.folder)
    #expect(try again.count(Query(show: .all)) == 4)
  }

  @Test func `is refused where there is none, or another`() throws {
    #expect(throws: CaseError.self) { try Case.open(at: temporary.folder + "/nothing") }
    #expect(throws: CaseError.self) { try Case.open(at: NSTemporaryDirectory()) }
    #expect(throws: CaseError.self) { try Case.create(at: temporary.folder) }
  }

  @Test func `that was damaged is an error, not a crash`() throws {
    try fill()
    try record.write {
      try $0.execute(sql: "UPDATE finding SET content = x'FFFFFFFFFF', evidence = x'01'")
    }
    #expect(throws: CaseError.self) { try record.finding(1) }
    try record.write { try $0.execute(sql: "UPDATE finding SET kind = 200") }
    #expect(throws: CaseError.self) { try record.finding(1) }
  }
}

@Suite struct `A pattern` {
  @Test(arguments: [
    ("*.jpg", "a.JPG", true), ("*.jpg", "a/b.jpg", false), ("**", "a/b", true),
    ("**/x", "x", true), ("**/x", "a/b/x", true), ("**/x", "ax", false), ("a/**", "a/b/c", true),
    ("?b", "ab", true), ("?", "/", false), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false),
    ("[", "[", true), ("a\\*", "a*", true), ("a\\*", "ab", false), ("", "", true),
    ("É*", "été", true), ("*a*b*c*", "xxaxxbxxcxx", true), ("**a**/b", "za/q/b", true),
  ])
  func `matches as shells do`(_ pattern: String, _ text: String, _ expected: Bool) {
    #expect(Glob(pattern).matches(text) == expected)
  }

  @Test func `of many stars ends`() {
    let text = String(repeating: "a", count: 400)
    #expect(!Glob(String(repeating: "*a", count: 40) + "b").matches(text))
    #expect(!Glob(String(repeating: "**a", count: 20) + "b").matches(text))
  }
}
