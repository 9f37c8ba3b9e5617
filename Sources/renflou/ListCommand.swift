// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case
import Reporting

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls",
    abstract: "List what a case holds.",
    discussion: "Example:\n\n  renflou ls disk.case --type photo --verdict verified,intact")

  @Argument(help: "The folder that holds case.sqlite.")
  var caseFolder: String

  @Flag(help: "What the case's wish list asks for only, in its order.")
  var wishlist = false

  @Flag(inversion: .prefixedNo, help: "What `recover --known FILE` found in its list, or not.")
  var known: Bool?

  @OptionGroup var filter: FilterOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let record = try Case.open(at: caseFolder)
      var query = try filter.query(in: record)
      query.isKnown = known
      if wishlist {
        // The customer does not know what was deleted.
        if !filter.deleted, !filter.live { query.show = .all }
        query.first = try record.wishes().flatMap(\.queries)
        guard !query.first.isEmpty else { throw Failure.noWishes(caseFolder) }
        query.anyOf = query.first
      }
      let out = Output()
      if output.json {
        try ListJSON(record, query: query).render(out.write)
      } else {
        try ListText(
          record, query: query, language: output.language, isColored: output.isColored
        ).render(out.write)
      }
      try out.flush()
      return try record.count(query) == 0 ? .nothingFound : .done
    }
  }
}
