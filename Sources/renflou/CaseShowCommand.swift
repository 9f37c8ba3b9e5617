// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case

struct CaseShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show what people said of the job.")

  @Argument(help: "The folder that holds case.sqlite.")
  var caseFolder: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let document = try CaseDocument(try Case.open(at: caseFolder))
      let out = Output()
      if output.json {
        try out.writeJSON(document)
      } else {
        try out.write(output.messages.sheet(document))
      }
      try out.flush()
      return .done
    }
  }
}
