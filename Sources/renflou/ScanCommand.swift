// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case
import Reporting
import Storage

struct ScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Find everything that can be recovered; recover nothing yet.",
    discussion: """
      What is found goes into a case, which `ls`, `show`, `recover` and `report` read. A scan that \
      was stopped goes on when the same command is run again. Example:

        renflou scan disk.img --case disk.case
      """)

  @Argument(help: "A block device, an image file, or SOURCE@OFFSET.")
  var source: String

  @Option(name: .customLong("case"), help: "The folder that will hold case.sqlite.")
  var caseFolder: String

  @OptionGroup var sourceOptions: SourceOptions
  @OptionGroup var scanOptions: ScanOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let opened = try sourceOptions.open(source)
      try checkTarget(existingFolder(above: caseFolder), for: opened.path)
      let interruption = Interruption()
      let progress = ProgressLine(output, interruption: interruption)
      let record = try scanOptions.scan(opened, into: caseFolder, progress: progress)
      var all = Query()
      all.show = .all
      let out = Output()
      if output.json {
        try ListJSON(record, query: all).render(out.write)
      } else {
        try SummaryText(record, language: output.language).render(out.write)
      }
      try out.flush()
      if try record.count(all) == 0 { return .nothingFound }
      return try record.defects().isEmpty ? .done : .losses
    }
  }
}
