// SPDX-License-Identifier: Apache-2.0

import Checksums
import Foundation
import GRDB

/// The digests of known files in an SQLite database, as NSRL publishes them; asked one at a time, so that a
/// list of any length costs no memory. The database is not changed.
///
/// - Source: NIST, *NSRL RDS v3*, table `FILE`, whose primary key begins with `sha256`, in capitals.
package final class KnownFileTable: Sendable {
  private static let lookUp = "SELECT 1 FROM FILE WHERE sha256 = ? LIMIT 1"

  private let path: String
  private let queue: DatabaseQueue

  /// Opens the database; throws `KnownFileError`.
  package init(at path: String) throws {
    self.path = path
    do {
      var configuration = Configuration()
      configuration.readonly = true
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.read { database in
        let columns = try String.fetchAll(
          database, sql: "SELECT lower(name) FROM pragma_table_info('FILE')")
        guard columns.contains("sha256") else { throw KnownFileError(path, .noTable) }
        let plan = try Row.fetchAll(
          database, sql: "EXPLAIN QUERY PLAN " + Self.lookUp, arguments: [""]
        ).map { $0["detail"] as String }
        guard !plan.contains(where: { $0.hasPrefix("SCAN") }) else {
          throw KnownFileError(path, .noIndex)
        }
        guard try Int.fetchOne(database, sql: "SELECT 1 FROM FILE LIMIT 1") != nil else {
          throw KnownFileError(path, .empty)
        }
      }
    } catch let error as DatabaseError {
      throw KnownFileError(path, error)
    }
  }

  /// Whether the file starts as an SQLite database does.
  package static func isDatabase(at path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    return (try? file.read(upToCount: 16)) == Data("SQLite format 3\0".utf8)
  }

  /// Whether a file with this SHA-256 is known; throws `KnownFileError`.
  package func contains(sha256 digest: [UInt8]) throws -> Bool {
    let key = digest.hexadecimal.uppercased()
    do {
      return try queue.read { try Int.fetchOne($0, sql: Self.lookUp, arguments: [key]) != nil }
    } catch let error as DatabaseError {
      throw KnownFileError(path, error)
    }
  }
}
