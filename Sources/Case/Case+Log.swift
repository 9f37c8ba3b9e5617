// SPDX-License-Identifier: Apache-2.0

import Checksums
import Findings
import Foundation
import GRDB

/// One line of a case's log.
package struct LogLine: Sendable, Equatable {
  /// From 1.
  package let number: Int
  package let at: Timestamp
  package let event: String
  package let detail: String
  /// SHA-256 over the line before's hash and this line's own words.
  package let hash: [UInt8]
}

extension Case {
  /// Appends a line. Its hash covers the hash of the line before, so that no line can be changed,
  /// taken out or put in without every later one telling; `LogHashes` tells of the last ones.
  package func log(_ event: String, _ detail: String, at moment: Timestamp) throws {
    let hashes = LogHashes(caseFolder: folder)
    let entry = try write { database in
      let last = try Row.fetchOne(
        database, sql: "SELECT line, hash FROM log ORDER BY line DESC LIMIT 1")
      let number = (last?[0] as Int64? ?? 0) + 1
      let before = (last?[1] as Data?).map { Array($0) } ?? []
      let hash = Self.hash(
        after: before, number: number, at: moment.nanoseconds, event: event, detail: detail)
      let entry = LogHashes.Entry(line: Int(number), hash: hash)
      try hashes.append(entry, isCertain: false)
      try database.execute(
        sql: "INSERT INTO log VALUES (?, ?, ?, ?, ?)",
        arguments: [number, moment.nanoseconds, event, detail, Data(hash)])
      return entry
    }
    // In a transaction of its own: only one at a time writes to the file.
    try write { _ in try hashes.append(entry, isCertain: true) }
  }

  package func logLines() throws -> [LogLine] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT line, at, event, detail, hash FROM log ORDER BY line")
        .map { row in
          LogLine(
            number: row[0], at: Timestamp(nanoseconds: row[1]), event: row[2], detail: row[3],
            hash: Array(row[4] as Data))
        }
    }
  }

  /// The number of the first line that does not fit; nil where all do.
  package func firstBrokenLogLine() throws -> Int? { try logFault()?.line }

  /// The first thing that is wrong with the log; nil where nothing is.
  package func logFault() throws -> LogFault? {
    try LogFault.first(in: logLines(), recorded: LogHashes(caseFolder: folder).read()) {
      before, line in
      Self.hash(
        after: before, number: Int64(line.number), at: line.at.nanoseconds, event: line.event,
        detail: line.detail)
    }
  }

  private static func hash(
    after before: [UInt8], number: Int64, at: Int64, event: String, detail: String
  ) -> [UInt8] {
    var line = ByteWriter()
    line.put(before)
    line.put(UInt64(bitPattern: number))
    line.put(UInt64(bitPattern: at))
    line.put(event)
    line.put(detail)
    return SHA256.hash(line.bytes)
  }
}
