// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case
import Foundation
import Reporting
import Storage

struct ReportCommand: ParsableCommand {
  enum Redaction: String, ExpressibleByArgument, CaseIterable { case names }

  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a report from a case; the source may be long gone.",
    discussion: """
      Examples:

        renflou report disk.case --to client.pdf --for client --lang fr
        renflou report disk.case --to annex.html
        renflou report disk.case --to files.dfxml

      Present files are in it if they were recovered, too. No report holds contents or pictures of files.
      """)

  @Argument(help: "The folder that holds case.sqlite.")
  var caseFolder: String

  @Option(help: "The file to write; - for standard output.")
  var to: String

  @Option(
    name: .customLong("for"),
    help: "Whom it is for: client (one page, no jargon) or tech (all of it).")
  var reader: ReportForm.Reader = .tech

  @Option(
    help: ArgumentHelp(
      "html, pdf, text; for programs json, csv, dfxml, bodyfile, hashdeep, case-uco. By the file's "
        + "extension where it is not given."))
  var format: ReportForm?

  @Option(help: "names: pseudonyms stand for the names of files and folders.")
  var redact: Redaction?

  @OptionGroup var filter: FilterOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if reader == .client, form.isForPrograms {
      throw ValidationError("--for client is a page: html, pdf or text.")
    }
    if to == "-", form == .pdf { throw ValidationError("a PDF needs a file: --to report.pdf.") }
  }

  /// What was recovered is what there is to report: present files, too, if they were.
  private func query(in record: Case) throws -> Query {
    var query = try filter.query(in: record)
    if !filter.deleted, !filter.live, try record.hasWrittenLive() { query.show = .all }
    return query
  }

  func run() throws {
    try reporting(output) {
      let record = try Case.open(at: caseFolder)
      let request = ReportRequest(
        record, query: try query(in: record), language: output.language,
        made: currentTime(), version: Renflou.version,
        pseudonyms: redact == nil ? .none : try Pseudonyms(record))
      if to == "-" {
        let out = Output()
        try form.render(request, for: reader, out.write)
        try out.flush()
      } else {
        try checkTarget(existingFolder(above: to), for: record.job().source)
        let path = URL(fileURLWithPath: to).standardizedFileURL.path
        try refuseForeignFile(at: path, record)
        if form == .pdf {
          try writePDF(request, at: path)
        } else {
          try replaceFile(at: path) { try form.render(request, for: reader, $0) }
        }
        try Custody.note(in: record, source: nil)
        try record.log(Self.event, path, at: currentTime())
      }
      return .done
    }
  }

  private static let event = "report written"

  /// Only a file that this case's log knows as its own report may be replaced.
  private func refuseForeignFile(at path: String, _ record: Case) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let isOurs = try record.logLines().contains { $0.event == Self.event && $0.detail == path }
    if !isOurs {
      throw Failure(
        status: .cannotCreate,
        what: (
          "there is a file of this name that is no report of this case",
          "un fichier de ce nom existe, qui n'est pas un rapport de cette affaire"
        ),
        place: path,
        advice: (
          "name another file, or remove this one",
          "nommez un autre fichier, ou supprimez celui-ci"
        ))
    }
  }

  /// Has the page printed in a folder beside the target, and puts the PDF in its place.
  private func writePDF(_ request: ReportRequest, at path: String) throws {
    let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    guard let printer = PDFPrinter.installed(path: folders) else {
      throw Failure(
        status: .failed,
        what: (
          "nothing that makes a PDF is installed", "rien de ce qui crée un PDF n'est installé"
        ),
        place: path,
        advice: (
          "install weasyprint or chromium; or write --format html, open it in a browser and print it to a file",
          "installez weasyprint ou chromium ; ou écrivez --format html, ouvrez-le dans un navigateur et imprimez-le dans un fichier"
        ))
    }
    let scratch = path + ".renflou-" + UUID().uuidString
    let files = FileManager.default
    do {
      try files.createDirectory(
        atPath: scratch, withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw Failure(
        status: .cannotCreate,
        what: ("the folder cannot be written to", "impossible d'écrire dans ce dossier"),
        place: existingFolder(above: path),
        advice: ("name another place", "indiquez un autre emplacement"))
    }
    defer { try? files.removeItem(atPath: scratch) }
    let (page, made) = (scratch + "/report.html", scratch + "/report.pdf")
    try replaceFile(at: page) { try form.render(request, for: reader, $0) }
    guard printer.print(page, to: made, scratch: scratch + "/browser"),
      let bytes = files.contents(atPath: made)
    else {
      throw Failure(
        status: .failed,
        what: ("the PDF could not be made", "le PDF n'a pas pu être créé"), place: path,
        advice: (
          "write --format html, open it in a browser and print it to a file",
          "écrivez --format html, ouvrez-le dans un navigateur et imprimez-le dans un fichier"
        ))
    }
    try replaceFile(at: path) { try $0(Array(bytes)) }
  }

  private var form: ReportForm {
    format ?? (output.json ? .json : ReportForm(ofFile: to))
  }
}
