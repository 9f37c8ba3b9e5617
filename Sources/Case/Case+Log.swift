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
  /// taken out or put in without every later one telling.
  package func log(_ event: String, _ detail: String, at moment: Timestamp) throws {
    try write { database in
      let last = try Row.fetchOne(
        database, sql: "SELECT line, hash FROM log ORDER BY line DESC LIMIT 1")
      let number = (last?[0] as Int64? ?? 0) + 1
      let before = (last?[1] as Data?).map { Array($0) } ?? []
      let hash = Self.hash(
        after: before, number: number, at: moment.nanoseconds, event: event, detail: detail)
      try database.execute(
        sql: "INSERT INTO log VALUES (?, ?, ?, ?, ?)",
        arguments: [number, moment.nanoseconds, event, detail, Data(hash)])
    }
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

  /// The number of the first line that does not fit those before it; nil where all do.
  package func firstBrokenLogLine() throws -> Int? {
    var before: [UInt8] = []
    var number = 0
    for line in try logLines() {
      number += 1
      let hash = Self.hash(
        after: before, number: Int64(number), at: line.at.nanoseconds, event: line.event,
        detail: line.detail)
      guard line.number == number, line.hash == hash else { return number }
      before = hash
    }
    return nil
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
