// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case

struct CaseNewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Make an empty case, in a folder for its owner alone.")

  @Argument(help: "The folder to make.")
  var caseFolder: String

  @Option(help: "Whose disk it is.")
  var customer: String?

  @Option(help: "The number of the ticket.")
  var ticket: String?

  @Argument(help: "More of what `case set` takes: FIELD=TEXT.")
  var fields: [FieldArgument] = []

  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let record = try Case.create(at: caseFolder)
      try Custody.note(in: record, source: nil)
      if let customer { try record.set(.customer, to: customer) }
      if let ticket { try record.set(.ticket, to: ticket) }
      for field in fields { try record.set(field.field, to: field.words) }
      return .done
    }
  }
}
