// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Foundation
import GRDB

/// The record of one job, a folder with `case.sqlite`: what was scanned, found and written, and a
/// log. Every command but the scan itself works from it alone.
///
/// Methods throw `CaseError`. A kill loses what was not yet handed over; a power cut may lose the last
/// transactions, never the case.
package final class Case: Sendable {
  /// The folder, as the user named it.
  package let folder: String
  let pool: DatabasePool

  private static let fileName = "case.sqlite"

  private init(folder: String, pool: DatabasePool) {
    self.folder = folder
    self.pool = pool
  }

  /// Whether the folder holds a case.
  package static func exists(at folder: String) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/" + fileName)
  }

  /// Makes the folder and an empty case in it.
  package static func create(at folder: String) throws -> Case {
    if exists(at: folder) { throw CaseError(folder, .alreadyThere) }
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true,
        // What is said of a customer's disk is nobody else's.
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw CaseError(folder, .cannotCreate(error.localizedDescription))
    }
    return try mapping(folder) {
      let pool = try DatabasePool(path: folder + "/" + fileName, configuration: configuration)
      let record = Case(folder: folder, pool: pool)
      try pool.write { try Schema.create(in: $0) }
      return record
    }
  }

  /// Opens a case.
  package static func open(at folder: String) throws -> Case {
    guard FileManager.default.fileExists(atPath: folder) else {
      throw CaseError(folder, .missing)
    }
    guard exists(at: folder) else { throw CaseError(folder, .notACase) }
    return try mapping(folder) {
      let pool = try DatabasePool(path: folder + "/" + fileName, configuration: configuration)
      let version =
        try pool.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } ?? 0
      // A case whose making was cut short holds nothing yet.
      if version == 0 { try pool.write { try Schema.create(in: $0) } }
      if version == 3 { try pool.write { try Schema.createIntervention(in: $0) } }
      if version > Schema.version { throw CaseError(folder, .newer(version)) }
      return Case(folder: folder, pool: pool)
    }
  }

  /// Lets go of the files; nothing can be asked any more.
  package func close() throws { try Self.mapping(folder) { try pool.close() } }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384")
    }
    return configuration
  }

  /// Runs `body`, and says what the database's errors mean.
  private static func mapping<Value>(_ folder: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw CaseError(folder, error)
    } catch is Truncated {
      throw CaseError(folder, .corrupt("a record is cut short"))
    } catch let error as Malformed {
      throw CaseError(folder, .corrupt(error.problem))
    }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try Self.mapping(folder) { try pool.read(body) }
  }

  func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try Self.mapping(folder) {
      var result: Value?
      try pool.writeInTransaction(.immediate) { database in
        result = try body(database)
        return .commit
      }
      guard let result else { throw CaseError(folder, .failed("nothing was written")) }
      return result
    }
  }
}

extension Case {
  /// What the case is the record of.
  package func job() throws -> Job {
    try read { database in
      var job = Job()
      guard let row = try Row.fetchOne(database, sql: "SELECT * FROM job") else { return job }
      job.source = row["source"]
      job.sourceLength = ByteCount(stored: row["length"])
      job.serial = row["serial"]
      job.options = row["options"]
      job.phase = Job.Phase(rawValue: row["phase"]) ?? .pass
      job.started = (row["started"] as Int64?).map(Timestamp.init(nanoseconds:))
      job.finished = (row["finished"] as Int64?).map(Timestamp.init(nanoseconds:))
      job.version = row["version"]
      return job
    }
  }

  package func set(_ job: Job) throws {
    try write { database in
      try database.execute(
        sql: """
          UPDATE job SET source = ?, length = ?, serial = ?, options = ?, phase = ?, started = ?,
            finished = ?, version = ?
          """,
        arguments: [
          job.source, job.sourceLength.stored, job.serial, job.options, job.phase.rawValue,
          job.started?.nanoseconds, job.finished?.nanoseconds, job.version,
        ])
    }
  }

  /// The volumes that the scan opened, by number.
  package func volumes() throws -> [VolumeRecord] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM volume ORDER BY number").map { row in
        var remarks: [String] = []
        var reader = ByteReader(Array(row["remarks"] as Data))
        while !reader.isAtEnd { remarks.append(try reader.text()) }
        return VolumeRecord(
          number: UInt16(clamping: row["number"] as Int64), folder: row["folder"],
          kind: row["kind"], label: row["label"], start: ByteOffset(stored: row["start"]),
          length: ByteCount(stored: row["length"]),
          clusterSize: ByteCount(stored: row["clusterSize"]),
          isAllocationSound: row["isAllocationSound"], remarks: remarks,
          isInForce: row["isInForce"])
      }
    }
  }

  package func set(volumes: [VolumeRecord]) throws {
    try write { database in
      try database.execute(sql: "DELETE FROM volume")
      for volume in volumes {
        var remarks = ByteWriter()
        for remark in volume.remarks { remarks.put(remark) }
        try database.execute(
          sql: "INSERT INTO volume VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            Int64(volume.number), volume.folder, volume.kind, volume.label, volume.start.stored,
            volume.length.stored, volume.clusterSize.stored, volume.isAllocationSound,
            Data(remarks.bytes), volume.isInForce,
          ])
      }
    }
  }
}

extension ByteCount {
  /// The same 64 bits as SQLite keeps them.
  var stored: Int64 { Int64(bitPattern: rawValue) }
  init(stored: Int64) { self.init(UInt64(bitPattern: stored)) }
}

extension ByteOffset {
  var stored: Int64 { Int64(bitPattern: rawValue) }
  init(stored: Int64) { self.init(UInt64(bitPattern: stored)) }
}
