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

  @OptionGroup var filter: FilterOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let record = try Case.open(at: caseFolder)
      let query = try filter.query(in: record)
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
