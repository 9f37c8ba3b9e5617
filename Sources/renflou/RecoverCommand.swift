// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Case
import Findings
import Foundation
import Imaging
import Recovery
import Reporting
import Storage

struct RecoverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: "Write deleted files into a folder, with a report and a manifest.",
    discussion: """
      Given a source it scans first, into DIR/case. Given a case it writes from what was found. \
      Run again, it goes on where it stopped. Examples:

        renflou recover disk.img --to ~/recovered
        renflou recover disk.case --to ~/photos --type photo
        renflou recover /dev/sdb --image disk.img --to ~/recovered --name '*.docx'

      With --image a disk that may be failing is imaged first: what file systems are made of, then \
      the files that are wanted, then the rest. All that follows reads the image alone.
      """)

  @Argument(help: "A case folder, a block device, or an image file.")
  var source: String

  @Option(help: "The folder for files/, report.html, report.json and manifest-sha256.txt.")
  var to: String

  @Flag(help: "When the target is full, wait for room instead of ending (exit 74).")
  var wait = false

  @Option(help: "Leave out files of this hash list (NSRL, hashdeep, sha256sum, md5sum …).")
  var known: String?

  @Option(help: "Image the source first, into this file (see `image`); no sector is read twice.")
  var image: String?

  @OptionGroup var sourceOptions: SourceOptions
  @OptionGroup var scanOptions: ScanOptions
  @OptionGroup var filter: FilterOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if image != nil, Case.exists(at: source) {
      throw ValidationError("--image takes a source, and \(source) is a case.")
    }
  }

  func run() throws {
    try reporting(output) {
      let interruption = Interruption()
      let progress = ProgressLine(output, interruption: interruption)
      while true {
        do {
          if let image { try rescue(to: image, interruption) }
          return try recover(progress)
        } catch  where wait && ExitStatus(for: error) == .targetFailed && !interruption.isAsked {
          progress.close()
          talk(output.messages.waiting)
          Thread.sleep(forTimeInterval: 10)
        }
      }
    }
  }

  /// Images the source, what is to be recovered before the rest.
  private func rescue(to image: String, _ interruption: Interruption) throws {
    let path = SourceOptions.split(source).path
    try checkTarget(existingFolder(above: to), for: path)
    // The source need not even be there any more.
    if Rescue.isDone(image, mapPath: sourceOptions.map) { return }
    var job = RescueJob(
      source: path, image: image, map: sourceOptions.map, output: output,
      interruption: interruption)
    job.wishes = [.metadata] + filter.patterns.map(ReadingOrder.Wish.files)
    job.share = filter.live ? .present : filter.all ? .all : .deleted
    let document = try job.run()
    talk(output.messages.imaged(document))
  }

  private func recover(_ progress: ProgressLine) throws -> ExitStatus {
    let known = try self.known.map { try KnownFilesList.read($0) }
    let (opened, record) = try scanned(progress)
    var query = try filter.query(in: record)
    query.first = try record.wishes().flatMap(\.queries)
    guard let medium = opened.source.medium else { throw Unsupported("a source without a medium") }
    let sink = try Sink(folder: to + "/files")
    let job = Recover(
      medium, record: record, sink: sink, observer: progress.observer, known: known,
      now: currentTime)
    let needed = try job.bytes(of: query)
    let free = try sink.freeSpace
    if needed > free { talk(output.messages.tight(needed, free)) }
    let totals = try Custody.keep(in: record, source: opened.path) {
      defer { progress.close() }
      return try job.run(query)
    }
    query.first = []
    let reports = ReportFiles(folder: to, record: record, language: output.language)
    try reports.write(query)
    let out = Output()
    if output.json {
      try JSONReport(reports.request(query)).render(out.write)
    } else {
      try SummaryText(record, language: output.language).render(out.write)
      try out.write(output.messages.recovered(totals, to: to) + "\n")
    }
    try out.flush()
    if totals.files == 0, totals.known == 0 { return .nothingFound }
    return try totals.damaged > 0 || totals.absurd > 0 || totals.missing > 0
      || !record.defects().isEmpty
      ? .losses : .done
  }

  /// The case to write from: an existing one, or that of a scan made now.
  private func scanned(_ progress: ProgressLine) throws -> (OpenedSource, Case) {
    if Case.exists(at: source) {
      let record = try Case.open(at: source)
      let job = try record.job()
      guard job.phase == .done else {
        throw Failure(
          status: .failed,
          what: (
            "the scan of this case was not finished",
            "l'analyse de cette affaire n'est pas finie"
          ), place: source,
          advice: (
            "run: renflou scan \(job.source.isEmpty ? "SOURCE" : job.source) --case \(source)",
            "lancez : renflou scan \(job.source.isEmpty ? "SOURCE" : job.source) --case \(source)"
          ))
      }
      let opened = try sourceOptions.open(job.source)
      try checkTarget(existingFolder(above: to), for: opened.path)
      return (opened, record)
    }
    let opened = try sourceOptions.open(source, image: image)
    try checkTarget(existingFolder(above: to), for: opened.path)
    let folder = to + "/case"
    if !Case.exists(at: folder), ReportFiles.areIn(to) {
      throw Failure(
        status: .cannotCreate,
        what: (
          "the target holds another recovery's report",
          "la cible contient le rapport d'une autre récupération"
        ), place: to,
        advice: ("name an empty folder", "nommez un dossier vide"))
    }
    try FileManager.default.createDirectory(atPath: to, withIntermediateDirectories: true)
    return (opened, try scanOptions.scan(opened, into: folder, progress: progress))
  }
}
