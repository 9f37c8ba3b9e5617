// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case
import Foundation
import Reporting
import Storage

struct ReportCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case html, text, json }

  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a report from a case; the source may be long gone.",
    discussion: "Example:\n\n  renflou report disk.case --to report.html --lang fr")

  @Argument(help: "The folder that holds case.sqlite.")
  var caseFolder: String

  @Option(help: "The file to write; - for standard output.")
  var to: String

  @Option(help: "html, text or json; by the file's extension where it is not given.")
  var format: Format?

  @OptionGroup var filter: FilterOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let record = try Case.open(at: caseFolder)
      let query = try filter.query(in: record)
      if to == "-" {
        let out = Output()
        try render(record, query, out.write)
        try out.flush()
      } else {
        try checkTarget(existingFolder(above: to), for: record.job().source)
        let path = URL(fileURLWithPath: to).standardizedFileURL.path
        try refuseForeignFile(at: path, record)
        try replaceFile(at: path) { try render(record, query, $0) }
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

  private func render(
    _ record: Case, _ query: Query, _ write: @escaping ([UInt8]) throws -> Void
  ) throws {
    switch chosenFormat {
    case .html:
      try HTMLReport(record, query: query, language: output.language, made: currentTime())
        .render(write)
    case .json: try JSONReport(record, query: query).render(write)
    case .text: try SummaryText(record, language: output.language).render(write)
    }
  }

  private var chosenFormat: Format {
    if let format { return format }
    if output.json || to.hasSuffix(".json") { return .json }
    return to.hasSuffix(".txt") || to == "-" ? .text : .html
  }
}
