// SPDX-License-Identifier: Apache-2.0

import Findings
import Foundation
import GRDB
import Testing

@testable import Case

@Suite struct `The log` {
  enum Place: Int, CaseIterable { case first = 1, middle = 3, last = 5 }

  /// A case with five lines; `harm` does what it likes to the log.
  private func fault(_ harm: (Case, Database) throws -> Void) throws -> LogFault? {
    let folder = NSTemporaryDirectory() + "log-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let record = try Case.create(at: folder)
    for number in 1...5 {
      try record.log("event", "words \(number)", at: Timestamp(nanoseconds: Int64(number)))
    }
    try record.write { try harm(record, $0) }
    return try record.logFault()
  }

  /// Writes all lines anew with a chain that holds.
  private func forge(_ record: Case, _ database: Database, _ details: [String]) throws {
    let folder = NSTemporaryDirectory() + "forged-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let forged = try Case.create(at: folder)
    for (index, detail) in details.enumerated() {
      try forged.log("event", detail, at: Timestamp(nanoseconds: Int64(index + 1)))
    }
    try database.execute(sql: "DELETE FROM log")
    for line in try forged.logLines() {
      try database.execute(
        sql: "INSERT INTO log VALUES (?, ?, ?, ?, ?)",
        arguments: [line.number, line.at.nanoseconds, line.event, line.detail, Data(line.hash)])
    }
  }

  private let details = (1...5).map { "words \($0)" }

  @Test func `as it was written has no fault`() throws {
    #expect(try fault { _, _ in } == nil)
    #expect(try fault { try forge($0, $1, details) } == nil)
  }

  @Test(arguments: Place.allCases)
  func `a line that was changed is named`(place: Place) throws {
    let found = try fault { _, database in
      try database.execute(
        sql: "UPDATE log SET detail = 'other' WHERE line = ?", arguments: [place.rawValue])
    }
    #expect(found == LogFault(kind: .changed, line: place.rawValue))
    let forged = try fault { record, database in
      var details = details
      details[place.rawValue - 1] = "other"
      try forge(record, database, details)
    }
    #expect(forged == LogFault(kind: .changed, line: place.rawValue))
  }

  @Test(arguments: Place.allCases)
  func `a line that was removed is named`(place: Place) throws {
    let found = try fault { _, database in
      try database.execute(sql: "DELETE FROM log WHERE line = ?", arguments: [place.rawValue])
    }
    #expect(found == LogFault(kind: .removed, line: place.rawValue))
    let forged = try fault { record, database in
      var details = details
      details.remove(at: place.rawValue - 1)
      try forge(record, database, details)
    }
    // Its place is where the next line does not fit.
    #expect(forged?.kind == .removed)
    #expect(forged?.line == place.rawValue)
  }

  @Test(arguments: [1, 3, 6])
  func `a line that was added is named`(place: Int) throws {
    let forged = try fault { record, database in
      var details = details
      details.insert("other", at: place - 1)
      try forge(record, database, details)
    }
    #expect(forged == LogFault(kind: .added, line: place))
  }

  @Test func `without its second record it is not vouched for`() throws {
    let found = try fault { record, _ in
      try FileManager.default.removeItem(atPath: record.folder + "/log.hashes")
    }
    #expect(found?.kind == .unrecorded)
  }

  @Test func `a line that a kill left half written may be there or not`() throws {
    let folder = NSTemporaryDirectory() + "log-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let record = try Case.create(at: folder)
    try record.log("event", "one", at: Timestamp(nanoseconds: 1))
    try LogHashes(caseFolder: folder).append(
      LogHashes.Entry(line: 2, hash: [9]), isCertain: false)
    #expect(try record.logFault() == nil)
    try record.log("event", "two", at: Timestamp(nanoseconds: 2))
    #expect(try record.logFault() == nil)
  }
}
