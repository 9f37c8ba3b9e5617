// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Foundation
import Testing

@testable import Case

@Suite("Intervention")
struct InterventionTests {
  private func withCase(_ body: (Case) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "intervention-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(try Case.create(at: folder))
  }

  @Test("what was said is kept; blank forgets it")
  func fields() throws {
    try withCase { record in
      try record.set(.customer, to: "Mme Noël")
      try record.set(.ticket, to: "4312")
      try record.set(.ticket, to: " \n")
      let said = try record.intervention()
      #expect(said[.customer] == "Mme Noël")
      #expect(said[.ticket] == nil)
    }
  }

  @Test("a file counts for the first wish that it matches, by its verdict")
  func fates() throws {
    try withCase { record in
      func file(_ name: String, _ evidence: [Evidence]) -> Finding {
        Finding(
          volume: 1, origin: .undelete, folder: ["Docs"], name: RawName(Array(name.utf8)),
          type: "docx", size: 10, content: [], evidence: evidence, key: 1)
      }
      try record.add([
        file("these.docx", [.listedAsLive]),
        file("annexe.docx", [.deletedEntry, .unreadable(512)]),
      ])
      try record.finishScan()
      try record.set(wishes: [
        Wish(number: 1, words: "the thesis", patterns: ["these*"]),
        Wish(number: 2, words: "all documents", types: ["docx"]),
        Wish(number: 3, words: "photos", patterns: ["Photos/**"]),
      ])
      let fates = try record.wishFates()
      #expect(fates.map(\.whole) == [1, 0, 0])
      #expect(fates.map(\.damaged) == [0, 1, 0])
      #expect(fates[1].reasons == [.unreadable(512)])
      #expect(fates.map(\.isNotFound) == [false, false, true])
    }
  }

  @Test("what is wished for comes first, in the order of the wishes, and can be all that is listed")
  func order() throws {
    try withCase { record in
      func file(_ name: String, _ type: String) -> Finding {
        Finding(
          volume: 1, origin: .undelete, folder: ["Docs"], name: RawName(Array(name.utf8)),
          type: type, size: 10, content: [], evidence: [.listedAsLive], key: 1)
      }
      try record.add([
        file("a.txt", "txt"), file("b.docx", "docx"), file("c.jpg", "jpg"), file("d.docx", "docx"),
      ])
      try record.finishScan()
      func names(_ query: Query) throws -> [String] {
        var names: [String] = []
        try record.each(query) { _, finding in
          names.append(finding.name?.text ?? "")
          return true
        }
        return names
      }
      var query = Query(show: .all)
      query.first =
        Wish(number: 1, words: "photos", patterns: ["c*", "d*"]).queries
        + Wish(number: 2, words: "documents", types: ["docx"]).queries
      #expect(try names(query) == ["c.jpg", "d.docx", "b.docx", "a.txt"])
      query.limit = 2
      #expect(try names(query) == ["c.jpg", "d.docx"])
      query.limit = nil
      query.anyOf = query.first
      #expect(try names(query) == ["c.jpg", "d.docx", "b.docx"])
      #expect(try record.count(query) == 3)
    }
  }

  @Test("wishes, times and attachments come back as they went in")
  func lists() throws {
    try withCase { record in
      let wish = Wish(
        number: 1, words: "photos", patterns: ["*.jpg", "DCIM/**"], types: ["jpg"],
        since: Timestamp(nanoseconds: 5), until: nil)
      let time = WorkTime(
        kind: .handsOn, began: Timestamp(nanoseconds: 7), seconds: 1200, words: "explained")
      let photo = Attachment(
        name: "disk.jpg", sha256: [1, 2], added: Timestamp(nanoseconds: 9), words: "label")
      try record.set(wishes: [wish])
      try record.add(time)
      try record.add(photo)
      #expect(try record.wishes() == [wish])
      #expect(try record.workTimes() == [time])
      #expect(try record.attachments() == [photo])
    }
  }
}
