// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Case
import FileFormats
import Findings

/// Which findings a command is about: the same filters everywhere.
struct FilterOptions: ParsableArguments {
  @Option(help: "Types or groups, with commas: jpg,docx,photo,raw,office,video … (see `formats`).")
  var type: String?

  @Option(help: "Names that match a pattern: '*.docx', 'IMG_?*'.")
  var name: String?

  @Option(help: "Whole paths that match a pattern: 'photos/**'.")
  var path: String?

  @Flag(
    help:
      "Deleted files, and all of lost volumes (the default where the allocation map is sound).")
  var deleted = false

  @Flag(help: "Files that are present only.")
  var live = false

  @Flag(help: "Deleted files and present ones.")
  var all = false

  @Option(help: "Where we learnt of it: undelete, journal, carve; with commas.")
  var origin: String?

  @Option(help: "Grades: verified, intact, probable, guessed, partial, name-only; with commas.")
  var verdict: String?

  @Option(help: "At least this size: 500, 10k, 2M, 1G.")
  var minSize: SizeArgument?

  @Option(help: "At most this size.")
  var maxSize: SizeArgument?

  @Option(help: "Modified on or after this date: 2026-03-14 or 2026-03-14T09:30.")
  var since: DateArgument?

  @Option(help: "Modified on or before this date.")
  var until: DateArgument?

  @Option(help: "At most so many.")
  var limit: Int?

  func validate() throws {
    if [deleted, live, all].filter({ $0 }).count > 1 {
      throw ValidationError("--deleted, --live and --all exclude each other.")
    }
    if let limit, limit < 0 { throw ValidationError("--limit must not be negative.") }
    _ = try origins()
    _ = try verdicts()
  }

  /// The query that these filters mean.
  ///
  /// - Parameter record: tells whether "deleted" can be told at all.
  func query(in record: Case) throws -> Query {
    var query = Query()
    query.types = types()
    query.name = name
    query.path = path
    query.origins = try origins()
    query.verdicts = try verdicts()
    query.minimumSize = minSize?.count
    query.maximumSize = maxSize?.count
    query.since = since?.start
    query.until = until?.end
    query.limit = limit
    if deleted {
      query.show = .deleted
    } else if live {
      query.show = .live
    } else if all {
      query.show = .all
    } else {
      let isSound = try record.volumes().allSatisfy(\.isAllocationSound)
      query.show = isSound ? .deleted : .all
    }
    return query
  }

  /// Patterns of the files that are asked for, as far as names tell: of all files where none does.
  var patterns: [String] {
    if let pattern = path ?? name { return [pattern] }
    return types().map { $0.sorted().map { "*." + $0 } } ?? ["*"]
  }

  /// A word that no format goes by is the extension of a file's name.
  private func types() -> Set<String>? {
    Self.words(type).map { words in
      Set(words.flatMap { FileFormat.types(meantBy: $0) ?? [$0] })
    }
  }

  private func origins() throws -> Set<Finding.Origin>? {
    try Self.words(origin).map { words in
      Set(
        try words.map { word in
          switch word {
          case "live": .live
          case "undelete": .undelete
          case "journal": .journal
          case "carve": .carve
          default:
            throw ValidationError("--origin \(word) is not known: undelete, journal or carve.")
          }
        })
    }
  }

  private func verdicts() throws -> Set<Verdict>? {
    try Self.words(verdict).map { words in
      Set(
        try words.map { word in
          guard let verdict = Verdict.allCases.first(where: { $0.word == word }) else {
            let known = Verdict.allCases.map(\.word).joined(separator: ", ")
            throw ValidationError("--verdict \(word) is not known: \(known).")
          }
          return verdict
        })
    }
  }

  private static func words(_ list: String?) -> [String]? {
    list.map { $0.lowercased().split(separator: ",").map { $0.trimmed } }
  }
}

extension Substring {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
