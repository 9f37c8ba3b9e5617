// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Foundation
import GRDB

/// A query as SQL. Patterns are matched by functions that are registered for the one statement.
struct Selection {
  /// The verdict of a finding; what reading it for a recovery has shown counts.
  static let verdict =
    "ifnull((SELECT verdict FROM written WHERE written.id = finding.id), finding.verdict)"

  private let condition: String
  private let terms: String
  let arguments: StatementArguments
  private let limit: Int?

  /// - Parameter place: of a query within another; it tells their functions apart.
  init(_ query: Query, in database: Database, place: String = "") throws {
    var terms: [String] = []
    var arguments: [(any DatabaseValueConvertible)?] = []
    func require(_ term: String, _ values: (any DatabaseValueConvertible)?...) {
      terms.append(term)
      arguments += values
    }
    func oneOf(_ column: String, _ values: [any DatabaseValueConvertible]) {
      terms.append("\(column) IN (\(values.map { _ in "?" }.joined(separator: ", ")))")
      arguments += values
    }
    let live = Int64(Finding.Origin.live.rawValue)
    switch query.show {
    case .all: break
    case .deleted:
      require(
        "(origin <> ? OR finding.volume IN (SELECT number FROM volume WHERE isInForce = 0))", live)
    case .live: require("origin = ?", live)
    }
    if let types = query.types { oneOf("type", types.sorted()) }
    if let origins = query.origins { oneOf("origin", origins.map { Int64($0.rawValue) }.sorted()) }
    if let verdicts = query.verdicts {
      oneOf(Self.verdict, verdicts.map { Int64($0.rawValue) }.sorted())
    }
    if let kinds = query.kinds { oneOf("kind", kinds.map { Int64($0.rawValue) }.sorted()) }
    if let volume = query.volume { require("finding.volume = ?", Int64(volume)) }
    if let size = query.minimumSize { require("size >= ?", size.stored) }
    if let size = query.maximumSize { require("size BETWEEN 0 AND ?", size.stored) }
    if let since = query.since { require("modified >= ?", since.nanoseconds) }
    if let until = query.until { require("modified <= ?", until.nanoseconds) }
    if let isKnown = query.isKnown {
      require(
        "finding.id \(isKnown ? "" : "NOT ")IN (SELECT id FROM written WHERE outcome = ?)",
        Int64(WrittenRecord.Outcome.known.rawValue))
    }
    if let name = query.name {
      database.add(function: Self.function("nameMatches" + place, Glob(name)))
      require("nameMatches\(place)(name)")
    }
    if let path = query.path {
      database.add(function: Self.pathFunction("pathMatches" + place, Glob(path)))
      require("pathMatches\(place)(folder.path, name)")
    }
    var allArguments = StatementArguments(arguments)
    if !query.anyOf.isEmpty {
      let choices = try query.anyOf.enumerated().map { index, choice in
        try Selection(choice, in: database, place: "\(place)_\(index)")
      }
      terms.append("(\(choices.map(\.terms).joined(separator: " OR ")))")
      for choice in choices { allArguments += choice.arguments }
    }
    self.terms = terms.isEmpty ? "1" : terms.joined(separator: " AND ")
    condition = terms.isEmpty ? "" : "WHERE " + self.terms
    self.arguments = allArguments
    limit = query.limit
  }

  /// `FROM …` in order of path, then name, then id, with the limit. The join is written so that
  /// SQLite walks both in the order of their indexes, and sorts nothing.
  var ordered: String {
    """
    FROM folder CROSS JOIN finding ON finding.folder = folder.id \(condition)
    ORDER BY folder.path, folder.id, name, finding.id \(limit.map { "LIMIT \($0)" } ?? "")
    """
  }

  /// `FROM …` for counting.
  var unordered: String {
    "FROM finding JOIN folder ON folder.id = finding.folder \(condition)"
  }

  private static func function(_ name: String, _ glob: Glob) -> DatabaseFunction {
    DatabaseFunction(name, argumentCount: 1, pure: true) { values in
      Data.fromDatabaseValue(values[0]).map { glob.matches(String(decoding: $0, as: UTF8.self)) }
        ?? false
    }
  }

  private static func pathFunction(_ name: String, _ glob: Glob) -> DatabaseFunction {
    DatabaseFunction(name, argumentCount: 2, pure: true) { values in
      let folder = String.fromDatabaseValue(values[0]) ?? ""
      let name = Data.fromDatabaseValue(values[1]).map { String(decoding: $0, as: UTF8.self) } ?? ""
      return Self.matches(glob, folder: folder, name: name)
    }
  }

  /// A path matches as shown, with the volume's folder in front, or as the volume has it.
  private static func matches(_ glob: Glob, folder: String, name: String) -> Bool {
    let whole = Glob.Text(folder.isEmpty ? name : folder + "/" + name)
    return glob.matches(whole) || whole.withoutFirstFolder.map(glob.matches) ?? false
  }
}
