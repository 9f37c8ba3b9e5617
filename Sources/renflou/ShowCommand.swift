// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case
import Reporting

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one finding: evidence in words, times, where its bytes lie.",
    discussion: "Example:\n\n  renflou show disk.case 42")

  @Argument(help: "The folder that holds case.sqlite.")
  var caseFolder: String

  @Argument(help: "The number that `ls` shows first.")
  var id: Int64

  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let record = try Case.open(at: caseFolder)
      guard let finding = try record.finding(id) else {
        throw Failure(
          status: .nothingFound,
          what: ("there is no finding \(id)", "il n'y a pas de résultat \(id)"),
          place: caseFolder,
          advice: (
            "list the findings with: renflou ls \(caseFolder)",
            "listez les résultats : renflou ls \(caseFolder)"
          ))
      }
      let out = Output()
      if output.json {
        try ShowJSON(record, id: id, finding: finding).render(out.write)
      } else {
        try ShowText(record, id: id, finding: finding, language: output.language)
          .render(out.write)
      }
      try out.flush()
      return .done
    }
  }
}
