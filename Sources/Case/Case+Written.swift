// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Foundation
import GRDB

extension Case {
  /// Records files that now stand in the target, in one transaction.
  package func setWritten(_ records: [WrittenRecord]) throws {
    guard !records.isEmpty else { return }
    try write { database in
      let insert = try database.cachedStatement(
        sql: "INSERT OR REPLACE INTO written VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      for record in records {
        var evidence = ByteWriter()
        evidence.put(record.evidence)
        try insert.execute(arguments: [
          record.id, Data(record.path), Data(record.sha256), record.size.stored,
          record.missing.stored, Int64(record.verdict.rawValue), Data(evidence.bytes),
          Int64(record.outcome.rawValue),
        ])
      }
    }
  }

  /// How a finding was written; nil if it was not.
  package func written(_ id: Int64) throws -> WrittenRecord? {
    try read { try Self.written(id, in: $0) }
  }

  static func written(_ id: Int64, in database: Database) throws -> WrittenRecord? {
    let statement = try database.cachedStatement(sql: "SELECT * FROM written WHERE id = ?")
    return try Row.fetchOne(statement, arguments: [id]).map(Self.written)
  }

  /// Whether files that the file system lists as present were recovered, too.
  package func hasWrittenLive() throws -> Bool {
    try read {
      try Bool.fetchOne(
        $0,
        sql: """
          SELECT EXISTS (SELECT 1 FROM written JOIN finding ON finding.id = written.id WHERE origin = ?)
          """, arguments: [Int64(Finding.Origin.live.rawValue)]) ?? false
    }
  }

  /// Hands out the files that stand in the target, in order of path, until `body` answers false.
  package func eachWritten(_ body: (WrittenRecord) throws -> Bool) throws {
    try read { database in
      let rows = try Row.fetchCursor(
        database, sql: "SELECT * FROM written WHERE outcome = 0 ORDER BY path")
      while let row = try rows.next() {
        if try !body(Self.written(row)) { return }
      }
    }
  }

  private static func written(_ row: Row) throws -> WrittenRecord {
    var evidence = ByteReader(Array(row["evidence"] as Data))
    guard let verdict = Verdict(rawValue: UInt8(clamping: row["verdict"] as Int64)),
      let outcome = WrittenRecord.Outcome(rawValue: UInt8(clamping: row["outcome"] as Int64))
    else { throw Malformed("case record", "an unknown verdict or outcome") }
    return WrittenRecord(
      id: row["id"], path: Array(row["path"] as Data), sha256: Array(row["sha256"] as Data),
      size: ByteCount(stored: row["size"]), missing: ByteCount(stored: row["missing"]),
      verdict: verdict, evidence: try evidence.evidence(), outcome: outcome)
  }
}
