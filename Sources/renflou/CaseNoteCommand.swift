// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case

struct CaseNoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "Put a line into the log.")

  @Argument(help: "The folder that holds case.sqlite.")
  var caseFolder: String

  @Argument(help: "The line.")
  var words: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      try Case.open(at: caseFolder).log("note", words, at: currentTime())
      return .done
    }
  }
}
