// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case
import Findings

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

/// `FIELD=TEXT`.
struct FieldArgument: ExpressibleByArgument {
  let field: Intervention.Field
  let words: String

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="),
      let field = Intervention.Field(rawValue: String(argument[..<equals]))
    else { return nil }
    self.field = field
    words = String(argument[argument.index(after: equals)...])
  }
}

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
