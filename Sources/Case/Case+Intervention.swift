// SPDX-License-Identifier: Apache-2.0

import Findings
import Foundation
import GRDB

extension Case {
  /// What people said of the job.
  package func intervention() throws -> Intervention {
    try read { database in
      var intervention = Intervention()
      for row in try Row.fetchAll(database, sql: "SELECT field, words FROM intervention") {
        // A field of a newer version is kept, but not shown.
        if let field = Intervention.Field(rawValue: row[0]) { intervention[field] = row[1] }
      }
      return intervention
    }
  }

  /// Sets one field; nil or white space forgets it.
  package func set(_ field: Intervention.Field, to words: String?) throws {
    var one = Intervention()
    one[field] = words
    let kept = one[field]
    try write { database in
      if let kept {
        try database.execute(
          sql: "INSERT OR REPLACE INTO intervention VALUES (?, ?)",
          arguments: [field.rawValue, kept])
      } else {
        try database.execute(
          sql: "DELETE FROM intervention WHERE field = ?", arguments: [field.rawValue])
      }
    }
  }

  /// What the customer wants back, in order.
  package func wishes() throws -> [Wish] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM wish ORDER BY number").map { row in
        Wish(
          number: row["number"], words: row["words"],
          patterns: try Self.texts(row["patterns"]), types: Set(try Self.texts(row["types"])),
          since: (row["since"] as Int64?).map(Timestamp.init(nanoseconds:)),
          until: (row["until"] as Int64?).map(Timestamp.init(nanoseconds:)))
      }
    }
  }

  /// Replaces the list of wishes; they are numbered anew, in the order given.
  package func set(wishes: [Wish]) throws {
    try write { database in
      try database.execute(sql: "DELETE FROM wish")
      for (index, wish) in wishes.enumerated() {
        try database.execute(
          sql: "INSERT INTO wish VALUES (?, ?, ?, ?, ?, ?)",
          arguments: [
            index + 1, wish.words, Self.data(wish.patterns), Self.data(wish.types.sorted()),
            wish.since?.nanoseconds, wish.until?.nanoseconds,
          ])
      }
    }
  }

  /// The time that went into the job, in the order in which it was noted.
  package func workTimes() throws -> [WorkTime] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM work ORDER BY id").compactMap { row in
        WorkTime.Kind(rawValue: UInt8(clamping: row["kind"] as Int64)).map {
          WorkTime(
            kind: $0, began: Timestamp(nanoseconds: row["began"]), seconds: row["seconds"],
            words: row["words"])
        }
      }
    }
  }

  package func add(_ time: WorkTime) throws {
    try write { database in
      try database.execute(
        sql: "INSERT INTO work (kind, began, seconds, words) VALUES (?, ?, ?, ?)",
        arguments: [Int64(time.kind.rawValue), time.began.nanoseconds, time.seconds, time.words])
    }
  }

  /// What the case keeps in its folder `attachments`.
  package func attachments() throws -> [Attachment] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM attachment ORDER BY id").map { row in
        Attachment(
          name: row["name"], sha256: Array(row["sha256"] as Data),
          added: Timestamp(nanoseconds: row["added"]), words: row["words"])
      }
    }
  }

  /// Records a file that was put into the folder `attachments`.
  package func add(_ attachment: Attachment) throws {
    try write { database in
      try database.execute(
        sql: "INSERT INTO attachment (name, sha256, added, words) VALUES (?, ?, ?, ?)",
        arguments: [
          attachment.name, Data(attachment.sha256), attachment.added.nanoseconds, attachment.words,
        ])
    }
  }

  private static func data(_ texts: [String]) -> Data {
    var writer = ByteWriter()
    for text in texts { writer.put(text) }
    return Data(writer.bytes)
  }

  private static func texts(_ data: Data) throws -> [String] {
    var reader = ByteReader(Array(data))
    var texts: [String] = []
    while !reader.isAtEnd { texts.append(try reader.text()) }
    return texts
  }
}
