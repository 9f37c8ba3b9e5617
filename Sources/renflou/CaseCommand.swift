// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What people say of a job. A plain recovery needs none of it.
struct CaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "case",
    abstract: "What people say of a job: customer, wishes, attachments, time, notes.",
    discussion: """
      Examples:

        renflou case new noel.case --customer "Mme Noël" --ticket 4312
        renflou case wish noel.case "the thesis" --path '**/these*' --type docx
        renflou case time noel.case 20m "explained what can be hoped for"
      """,
    subcommands: [
      CaseNewCommand.self, CaseSetCommand.self, CaseWishCommand.self, CaseAttachCommand.self,
      CaseTimeCommand.self, CaseNoteCommand.self, CaseLogCommand.self, CaseShowCommand.self,
      CaseSignCommand.self, CaseCloseCommand.self,
    ])
}
