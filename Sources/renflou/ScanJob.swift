// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Carving
import Case
import Dispatch
import FileFormats
import Foundation
import Recovery
import Storage

/// What `scan` and `recover` need to fill a case.
struct ScanOptions: ParsableArguments {
  @Flag(help: "Do not carve: names and folders from file systems only.")
  var noCarve = false

  @Flag(help: "Do not undelete: carve by content only.")
  var noUndelete = false

  @Flag(help: "Carve everything, also what file systems say is in use.")
  var whole = false

  @Option(
    help: "More formats to carve: JSON, or the list of PhotoRec or foremost (see the manual).")
  var signatures: String?

  @Option(help: "What is spent on files in pieces: low, normal or high.")
  var effort = EffortChoice.normal

  @Option(help: "Worker threads. The result does not depend on it.")
  var workers: Int?

  func validate() throws {
    if noCarve, noUndelete {
      throw ValidationError("--no-carve and --no-undelete together leave nothing to do.")
    }
    if let workers, !(1...256).contains(workers) {
      throw ValidationError("--workers takes a number from 1 to 256.")
    }
  }

  func settings(for source: OpenedSource) throws -> ScanSettings {
    var settings = ScanSettings(
      workers: workers ?? ProcessInfo.processInfo.activeProcessorCount)
    settings.undeletes = !noUndelete
    settings.carves = !noCarve
    settings.carvesEverything = whole
    settings.part = source.part
    settings.effort = effort.effort
    if let signatures {
      let file = try SignatureFile(signatures)
      settings.moreFormats = file.formats.map(\.format)
      settings.moreFormatsDigest = file.digest
    }
    return settings
  }

  /// Runs or resumes the scan of `source` into the case in `folder`.
  func scan(
    _ source: OpenedSource, into folder: String, progress: ProgressLine
  ) throws -> Case {
    let settings = try settings(for: source)
    let isNew = !Case.exists(at: folder)
    let record = try isNew ? Case.create(at: folder) : Case.open(at: folder)
    if try record.job().source.isEmpty {
      progress.warn(before: Probe(source.source), of: source.source)
    }
    let scan = try Scan(
      source.source, record: record, settings: settings,
      observer: progress.observer, now: currentTime)
    defer { progress.close() }
    try Custody.keep(in: record, source: source.path) {
      try scan.run(toolVersion: Renflou.version)
    }
    return record
  }
}

/// How much is spent on putting fragments together.
enum EffortChoice: String, ExpressibleByArgument, CaseIterable {
  case low, normal, high

  var effort: Effort {
    switch self {
    case .low: .low
    case .normal: .normal
    case .high: .high
    }
  }
}

/// The nearest folder above `path` that exists: where it will be made.
func existingFolder(above path: String) -> String {
  var url = URL(fileURLWithPath: path)
  while url.path != "/", !FileManager.default.fileExists(atPath: url.path) {
    url.deleteLastPathComponent()
  }
  return url.path
}
