// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Case
import Checksums
import Delivery
import Foundation
import Recovery
import Reporting
import Storage

struct DeliverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deliver",
    abstract: "Hand recovered files over: a BagIt bag that can be checked without us.",
    discussion: """
      The files come from the folder that `recover` wrote; the source is not needed. Run again, it \
      goes on where it stopped. Examples:

        renflou deliver ~/recovered/case --to /media/client/2026-118 --lang fr
        renflou deliver disk.case --from ~/photos --to /media/client/photos --gallery
      """)

  @Argument(help: "The folder that holds case.sqlite.")
  var caseFolder: String

  @Option(help: "The bag: an empty folder, or one that this case was delivered to before.")
  var to: String

  @Option(help: "The folder that recover wrote; by default the one that holds the case.")
  var from: String?

  @Flag(help: "Add pages that show pictures and the first pages of PDF files.")
  var gallery = false

  @Flag(help: "Deliver damaged files, too, in a folder of their own.")
  var withDamaged = false

  @OptionGroup var filter: FilterOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let record = try Case.open(at: caseFolder)
      let target = URL(fileURLWithPath: to).standardizedFileURL.path
      try checkTarget(existingFolder(above: target), for: record.job().source)
      try refuseForeign(target, record)
      try refuseInside(target)
      let progress = ProgressLine(output, interruption: Interruption())
      defer { progress.close() }
      let plan = try DeliveryPlan(
        record, query: query(in: record), language: output.language, withDamaged: withDamaged)
      guard !plan.files.isEmpty else {
        talk(output.messages.nothingToDeliver(plan))
        return .nothingFound
      }
      if !isOurs(target, record) { try record.log(Self.begun, target, at: currentTime()) }
      let job = Deliver(
        plan, record: record, from: recovery + "/files", to: target, language: output.language,
        thumbnailer: thumbnailer, version: Renflou.version, now: currentTime(),
        observer: observer(progress))
      let result = try Custody.keep(in: record, source: nil) {
        try job.run(isFAT: Self.isFAT(existingFolder(above: target)))
      }
      progress.close()
      try record.log(Self.done, Self.line(result, target), at: currentTime())
      let out = Output()
      if output.json {
        try out.writeJSON(DeliveryDocument(result, target: target))
      } else {
        try out.write(output.messages.delivered(result, to: target) + "\n")
      }
      try out.flush()
      return result.hasLosses ? .losses : .done
    }
  }

  private static let begun = "delivery begun"
  private static let done = "delivered"

  /// What, where, how many, and the digest that stands for all of it.
  private static func line(_ result: DeliveryResult, _ target: String) -> String {
    "\(target): \(result.delivered) of \(result.plan.files.count) files, "
      + "\(result.plan.bytes.rawValue) bytes, \(result.plan.damaged) damaged, "
      + "\(result.plan.leftOut.count) damaged left out, manifest sha256 "
      + result.manifest.hexadecimal
  }

  /// What was recovered is what is delivered, deleted or not, unless the filters say otherwise.
  private func query(in record: Case) throws -> Query {
    var query = try filter.query(in: record)
    if !filter.deleted, !filter.live { query.show = .all }
    return query
  }

  private var recovery: String {
    from ?? URL(fileURLWithPath: caseFolder).standardizedFileURL.deletingLastPathComponent().path
  }

  private var thumbnailer: Thumbnailer? {
    guard gallery else { return nil }
    return Thumbnailer(searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "")
  }

  private func observer(_ progress: ProgressLine) -> Deliver.Observer {
    let observer = progress.observer
    return Deliver.Observer(
      observe: { done, total, files in
        observer.observe(
          JobProgress(phase: .delivering, done: done, total: total, defects: 0, files: files))
      },
      check: { if observer.isCancelled() { throw Cancelled() } })
  }

  private func isOurs(_ target: String, _ record: Case) -> Bool {
    (try? record.logLines().contains { $0.event == Self.begun && $0.detail == target }) ?? false
  }

  /// Only a folder that is empty, or that this case's log knows as its own delivery, is written to.
  private func refuseForeign(_ target: String, _ record: Case) throws {
    let names = SystemFiles().names(target).filter { !Self.ofFileSystems.contains($0) }
    guard !names.isEmpty, !isOurs(target, record) else { return }
    throw Failure(
      status: .cannotCreate,
      what: ("the target is not empty", "la cible n'est pas vide"), place: target,
      advice: (
        "name a new folder in it: --to \(target)/\(Self.example)",
        "nommez-y un nouveau dossier : --to \(target)/\(Self.example)"
      ))
  }

  /// Beside recovered files nothing else may lie.
  private func refuseInside(_ target: String) throws {
    let files = URL(fileURLWithPath: recovery + "/files").standardizedFileURL.path
    guard (target + "/").hasPrefix(files + "/") else { return }
    throw Failure(
      status: .cannotCreate,
      what: (
        "the target lies among the recovered files", "la cible est parmi les fichiers récupérés"
      ), place: target,
      advice: ("name a folder elsewhere", "nommez un dossier ailleurs"))
  }

  /// What stands in the root of a disk that was just formatted.
  private static let ofFileSystems: Set = ["lost+found", "System Volume Information"]
  private static let example = "recovered"

  /// Whether a folder lies on FAT12, FAT16 or FAT32.
  private static func isFAT(_ folder: String) -> Bool {
    let system = SystemFiles()
    guard let status = system.status(folder) else { return false }
    return Mount.all(system).last { $0.id == status.mount || $0.device == status.device }
      .map { ["vfat", "msdos"].contains($0.type) } ?? false
  }
}
