// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case
import Findings
import Foundation
import Storage
import Ticketing
import Transfer

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Put an intervention into a ticket tool, or into the case's outbox when offline.",
    discussion: """
      Sends a follow-up, the hands-on time that was not sent yet, documents and, where asked, a \
      solution. What cannot be sent waits in CASE/outbox; --send tries again and sends nothing twice. \
      Secrets come from the environment or from a file that only its owner can read: \
      RENFLOU_GLPI_USER_TOKEN, RENFLOU_GLPI_APP_TOKEN, RENFLOU_ZAMMAD_TOKEN, RENFLOU_ITOP_TOKEN (or \
      _USER and _PASSWORD), RENFLOU_JIRA_TOKEN (and _USER). Examples:

        renflou export case --to glpi --url https://glpi.example.org --ticket 4312 \
      --document report.pdf
        renflou export case --send
      """)

  enum Tool: String, ExpressibleByArgument, CaseIterable { case glpi, zammad, itop, jira, template }

  @Argument(help: "The case.")
  var caseFolder: String

  @Option(help: "The tool: glpi, zammad, itop, jira, or template.")
  var to: Tool?

  @Option(help: "The tool's address.")
  var url: String?

  @Option(help: "The ticket's number or key. Default: what the case says.")
  var ticket: String?

  @Option(help: "A file that goes with it; may be given more than once.")
  var document: [String] = []

  @Option(help: "The follow-up's text. Default: what the case tells.")
  var text: String?

  @Option(help: "A solution: the tool then takes the ticket for solved.")
  var solution: String?

  @Flag(name: .customLong("private"), help: "For technicians' eyes alone.")
  var isPrivate = false

  @Option(help: "With --to template: the calls, in JSON (see the manual).")
  var template: String?

  @Flag(help: "Print the calls; send and keep nothing.")
  var dryRun = false

  @Flag(help: "Send what waits in the outbox.")
  var send = false

  @Option(help: "A file of lines NAME=value that only its owner can read.")
  var secrets: String?

  @Option(help: "Certificates to trust (PEM) instead of the system's.")
  var ca: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard send != (to != nil) else { throw ValidationError("give either --to or --send.") }
    if to != nil, url == nil { throw ValidationError("--to needs --url.") }
    if (to == .template) != (template != nil) {
      throw ValidationError("--to template and --template FILE need each other.")
    }
    if let url {
      guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
        throw ValidationError("--url takes an address that begins with https:// or http://.")
      }
      // It would stand in the outbox.
      guard !url.contains("@") else { throw ValidationError("--url must hold no password.") }
    }
  }

  func run() throws {
    try reporting(output) {
      do {
        return try export()
      } catch let error as TicketError {
        throw TicketFailure(error, marker: nil, caseFolder: caseFolder)
      }
    }
  }

  private func export() throws -> ExitStatus {
    let record = try Case.open(at: caseFolder)
    let outbox = Outbox(in: caseFolder)
    if !dryRun { try Custody.note(in: record, source: nil) }
    guard !send else { return try sendAll(outbox, record) }
    let entry = try newEntry(record, outbox)
    if dryRun { return try show(entry) }
    let held = try outbox.lock()
    defer { withExtendedLifetime(held) {} }
    // A template that is none is told before anything is kept.
    _ = try tool(entry)
    let queued = try outbox.add(entry, documents: try document.map(contents))
    return try send(queued, outbox, record)
  }

  private func sendAll(_ outbox: Outbox, _ record: Case) throws -> ExitStatus {
    let held = try outbox.lock()
    defer { withExtendedLifetime(held) {} }
    let waiting = try outbox.waiting()
    if waiting.isEmpty { talk(output.messages.nothingWaits) }
    var worst = ExitStatus.done
    for entry in waiting {
      let status = try send(entry, outbox, record)
      if worst != .failed { worst = status == .done ? worst : status }
    }
    return worst
  }

  private func send(_ entry: OutboxEntry, _ outbox: Outbox, _ record: Case) throws -> ExitStatus {
    let tool = try self.tool(entry)
    let secrets = try readSecrets(entry.tool)
    if entry.url.hasPrefix("http://"), !HTTPClient.isLoopback(entry.url) {
      talk(output.messages.unencrypted)
    }
    var client = HTTPClient(agent: "renflou/" + Renflou.version)
    client.authorities = ca
    let sender = client
    var sending = TicketSending(
      entry, by: tool, from: outbox, secrets: secrets
    ) { (request) throws(HTTPFailure) in try sender.perform(request) }
    let place = "\(entry.tool) \(entry.record.ticket)"
    do {
      let results = try sending.run()
      try record.log("exported", "\(place), \(entry.record.marker)", at: currentTime())
      let out = Output()
      try out.write(output.messages.sent(entry, results) + "\n")
      try out.flush()
      return .done
    } catch let error as TicketError {
      try record.log("export waits", "\(place), \(entry.record.marker)", at: currentTime())
      let failure = TicketFailure(error, marker: entry.record.marker, caseFolder: caseFolder)
      explain(failure, in: output.messages)
      return failure.isTemporary ? .losses : .failed
    }
  }

  private func newEntry(_ record: Case, _ outbox: Outbox) throws -> OutboxEntry {
    let sheet = try record.intervention()
    guard let ticket = ticket ?? sheet[.ticket] else {
      throw Failure(
        status: .usage, what: ("no ticket is named", "aucun ticket n'est nommé"),
        place: caseFolder,
        advice: ("name one with --ticket", "nommez-en un avec --ticket"))
    }
    let words = ExportText(record, language: output.language)
    let marker = TicketRecord.marker(
      String(UInt64.random(in: 0..<(1 << 60)), radix: 36) + "x")
    let earlier = try (outbox.waiting() + outbox.done())
      .filter { $0.record.ticket == ticket && $0.tool == to?.rawValue }
      .reduce(Int64(0)) { $0 + $1.record.seconds }
    let handsOn = try record.workTimes().filter { $0.kind == .handsOn }
      .reduce(Int64(0)) { $0.addingReportingOverflow(max(0, $1.seconds)).partialValue }
    var ticketRecord = TicketRecord(
      ticket: ticket, title: try words.title(),
      text: try text.map(TicketRecord.paragraphs) ?? words.paragraphs(),
      work: try words.work(), seconds: max(0, handsOn - earlier), solution: solution,
      isPrivate: isPrivate, marker: marker)
    ticketRecord.documents = document.map { path in
      TicketRecord.Document(name: URL(filePath: path).lastPathComponent)
    }
    return OutboxEntry(
      tool: to?.rawValue ?? "", url: url ?? "", record: ticketRecord,
      template: try template.map(readTemplate),
      created: currentTime().nanoseconds / 1_000_000_000)
  }

  private func show(_ entry: OutboxEntry) throws -> ExitStatus {
    let secrets = try readSecrets(entry.tool)
    let out = Output()
    let lines = try CallText(entry.record, by: try tool(entry), secrets: secrets).lines()
    try out.write(lines.joined(separator: "\n") + "\n")
    try out.flush()
    return .done
  }

  private func tool(_ entry: OutboxEntry) throws -> any TicketTool {
    switch Tool(rawValue: entry.tool) {
    case .glpi: GLPI(url: entry.url)
    case .zammad: Zammad(url: entry.url)
    case .itop: ITop(url: entry.url)
    case .jira: JiraServiceManagement(url: entry.url)
    case .template: try TemplateTool(url: entry.url, template: entry.template ?? .null)
    case nil: throw TicketError(.badEntry(entry.tool))
    }
  }

  private func contents(_ path: String) throws -> [UInt8] {
    guard let bytes = FolderTree.contents(of: path, limit: 1 << 29) else {
      throw Failure(
        status: .noSource, what: ("cannot read the document", "le document est illisible"),
        place: path,
        advice: ("name a file below 512 MiB", "nommez un fichier de moins de 512 Mio"))
    }
    return bytes
  }

  private func readTemplate(_ path: String) throws -> JSONValue {
    guard let text = FolderTree.contents(of: path, limit: 1 << 22) else {
      throw TicketError(.badTemplate(path))
    }
    guard let template = JSONValue(text) else { throw TicketError(.badTemplate("JSON")) }
    return template
  }

  /// Secrets of a file go before those of the environment.
  private func readSecrets(_ tool: String) throws -> Secrets {
    var values = ProcessInfo.processInfo.environment.filter { $0.key.hasPrefix("RENFLOU_") }
    if let secrets {
      let attributes = try? FileManager.default.attributesOfItem(atPath: secrets)
      let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
      guard mode & 0o077 == 0, let text = FolderTree.contents(of: secrets, limit: 1 << 20) else {
        throw Failure(
          status: .refused,
          what: (
            "this file of secrets is not its owner's alone, or cannot be read",
            "ce fichier de secrets n'est pas réservé à son propriétaire, ou est illisible"
          ), place: secrets,
          advice: ("run: chmod 600 \(secrets)", "lancez : chmod 600 \(secrets)"))
      }
      values.merge(Secrets.parsed(text)) { $1 }
    }
    return Secrets(tool: tool, values)
  }
}
