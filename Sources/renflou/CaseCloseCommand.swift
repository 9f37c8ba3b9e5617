// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Case
import Findings
import Foundation
import Storage

struct CaseCloseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: "Say until when a case is kept, or erase working copies.",
    discussion: """
      Erased is what is named, and nothing else: the case with its attachments (by its folder), \
      single files in it, and images that its log says were made for it. Devices, links and sources are refused. Examples:

        renflou case close noel.case --retain 30d
        renflou case close noel.case --erase disk.img --erase noel.case --certificate erased.html
      """)

  @Argument(help: "The folder that holds case.sqlite.")
  var caseFolder: String

  @Option(help: "Keep it so long from now: 30d.")
  var retain: DurationArgument?

  @Option(help: "Erase this: an image, its map, a file in the case, or the case folder.")
  var erase: [String] = []

  @Option(help: "Write the certificate to this file: a page if it ends in .html, else text.")
  var certificate: String?

  @Flag(help: "Show what would be erased, and do nothing.")
  var dryRun = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if retain == nil, erase.isEmpty { throw ValidationError("Name --retain or --erase.") }
    if retain != nil, !erase.isEmpty {
      throw ValidationError("--retain and --erase exclude each other.")
    }
  }

  func run() throws {
    try reporting(output) {
      let record = try Case.open(at: caseFolder)
      if let retain { return try keep(record, retain.seconds) }
      let plan = try ErasurePlan(erase, record: record)
      let said = try record.intervention()
      if let certificate, !dryRun { try check(certificate, plan) }
      func paper(_ items: [ErasureCertificate.Item]) -> ErasureCertificate {
        ErasureCertificate(
          caseFolder: caseFolder, customer: said[.customer], ticket: said[.ticket], items: items,
          at: currentTime(), language: output.language, isPlan: dryRun)
      }
      let out = Output()
      if dryRun {
        try out.write(paper(plan.items).text)
        try out.flush()
        return .done
      }
      try Custody.note(in: record, source: nil)
      let (items, problem) = try plan.run(record)
      let done = paper(items)
      if let certificate {
        try replaceFile(at: certificate) { write in
          try write(Array((certificate.hasSuffix(".html") ? done.html : done.text).utf8))
        }
      }
      try out.write(done.text)
      try out.flush()
      if let problem { throw problem }
      return .done
    }
  }

  private func keep(_ record: Case, _ seconds: Int64) throws -> ExitStatus {
    let end = Date(timeIntervalSinceNow: Double(seconds))
    let day = end.formatted(.iso8601.year().month().day())
    try Custody.note(in: record, source: nil)
    try record.set(.retention, to: day)
    try record.log("closed", "kept until \(day)", at: currentTime())
    talk(
      output.messages.pick(
        "the case is kept until \(day)", "l'affaire est conservée jusqu'au \(day)"))
    return .done
  }

  /// The certificate must not stand where something is, nor go with what is erased.
  private func check(_ path: String, _ plan: ErasurePlan) throws {
    let system = SystemFiles()
    let folder = system.resolved(existingFolder(above: path)) ?? ""
    let isInside = (folder + "/").hasPrefix((system.resolved(caseFolder) ?? caseFolder) + "/")
    guard system.status(path) == nil, !(plan.includesCase && isInside) else {
      throw Failure(
        status: .cannotCreate,
        what: (
          "the certificate cannot stand there", "le certificat ne peut pas être à cet endroit"
        ), place: path,
        advice: (
          "name a new file outside of the case", "nommez un nouveau fichier hors de l'affaire"
        ))
    }
  }
}
