// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case

struct CaseLogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Show the log; `verify --log` checks it.")

  @Argument(help: "The folder that holds case.sqlite.")
  var caseFolder: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let out = Output()
      let lines = try Case.open(at: caseFolder).logLines()
      if output.json {
        try out.writeJSON(CaseLogDocument(lines))
      } else {
        for line in lines { try out.write(output.messages.logLine(line)) }
      }
      try out.flush()
      return .done
    }
  }
}
