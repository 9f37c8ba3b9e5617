// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Compression
import Findings

/// Finds everything that can be recovered from a source, and recovers nothing: a pass over all
/// bytes, then the volumes, then carving. Each step's result is in the case before the next begins;
/// a scan that was stopped goes on where it was.
package struct Scan {
  let source: Source
  let medium: Source
  let record: Case
  let settings: ScanSettings
  let observer: JobObserver
  let now: @Sendable () -> Timestamp

  /// - Parameters:
  ///   - source: what to scan: a whole medium, or one contiguous part of it.
  ///   - now: the clock, for the log.
  package init(
    _ source: Source, record: Case, settings: ScanSettings, observer: JobObserver,
    now: @escaping @Sendable () -> Timestamp
  ) throws {
    guard let medium = source.medium else { throw Unsupported("a source without a medium") }
    self.source = source
    self.medium = Source(medium).unpacking(with: Unpacking.unpack)
    self.record = record
    self.settings = settings
    self.observer = observer
    self.now = now
  }

  /// Runs or resumes the scan.
  ///
  /// Throws `ScanMismatch` if the case belongs to another source or other settings, and `Cancelled`.
  package func run(toolVersion: String) throws {
    var job = try record.job()
    if job.source.isEmpty {
      job.source = source.name
      job.sourceLength = source.length
      job.options = settings.canonical
      job.started = now()
      job.version = toolVersion
      job.phase = .pass
      try record.set(job)
      try record.log("scan started", "\(source.name), \(source.length.rawValue) bytes", at: now())
    } else {
      try checkSame(job)
      if job.phase == .done { return }
      try record.log("scan resumed", "\(job.phase)", at: now())
    }
    if job.phase == .pass {
      try pass()
      try advance(&job, to: .volumes)
    }
    let place = Probe.mediumRange(of: source) ?? source.range
    let probe = Probe(source).searchingLost(landmarks: try landmarks(in: place))
    if job.phase == .volumes {
      try visitVolumes(probe)
      try advance(&job, to: .carving)
    }
    let isCarving = settings.carves && (job.phase == .carving || job.phase == .joining)
    let listed = isCarving ? ListedSpace(probe) : ListedSpace()
    if job.phase == .carving {
      try carve(probe, listed)
      try advance(&job, to: .joining)
    }
    if job.phase == .joining {
      try joinFragments(probe, listed)
      job.phase = .texts
    }
    if job.phase == .texts {
      try carvePlainText(probe)
      try matchNames()
      try record.finishScan()
      job.finished = now()
      try advance(&job, to: .done)
    }
  }

  private func checkSame(_ job: Job) throws {
    if job.sourceLength != source.length {
      throw ScanMismatch(
        what: "this case was made from a source of \(job.sourceLength.rawValue) bytes",
        place: "\(source.name) has \(source.length.rawValue)")
    }
    if job.options != settings.canonical {
      throw ScanMismatch(
        what: "this case was begun with other options (\(job.options))",
        place: "now: \(settings.canonical)")
    }
  }

  private func advance(_ job: inout Job, to phase: Job.Phase) throws {
    job.phase = phase
    try record.set(job)
    try record.log("phase", "\(phase)", at: now())
  }
}

/// The case belongs to another job.
package struct ScanMismatch: Explained {
  package let what: String
  package let place: String
  package var advice: String { "name another --case folder, or the same source and options" }
}
