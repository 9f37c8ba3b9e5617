// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case
import Findings

struct CaseTimeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "time", abstract: "Note time that somebody worked; the machine's notes itself.")

  @Argument(help: "The folder that holds case.sqlite.")
  var caseFolder: String

  @Argument(help: "How long: 20m, 1h30, 90s.")
  var time: DurationArgument

  @Argument(help: "What was done.")
  var words: String

  @Flag(help: "It was the machine's time.")
  var machine = false

  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let record = try Case.open(at: caseFolder)
      try Custody.note(in: record, source: nil)
      let began = currentTime().nanoseconds - time.seconds * 1_000_000_000
      try record.add(
        WorkTime(
          kind: machine ? .machine : .handsOn, began: Timestamp(nanoseconds: began),
          seconds: time.seconds, words: words))
      return .done
    }
  }
}
