// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case

struct CaseSetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Fill in fields of the intervention sheet; FIELD= forgets one.",
    discussion: "Fields: " + Intervention.Field.allCases.map(\.rawValue).joined(separator: ", "))

  @Argument(help: "The folder that holds case.sqlite.")
  var caseFolder: String

  @Argument(help: "FIELD=TEXT.")
  var fields: [FieldArgument]

  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let record = try Case.open(at: caseFolder)
      try Custody.note(in: record, source: nil)
      for field in fields { try record.set(field.field, to: field.words) }
      return .done
    }
  }
}
