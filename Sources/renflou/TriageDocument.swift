// SPDX-License-Identifier: Apache-2.0

import Bytes
import Health
import Identification
import Partitions
import Recovery
import Volumes

/// `triage --json`.
struct TriageDocument: Encodable {
  struct Reason: Encodable {
    let name: String
    /// What this reason alone asks for.
    let course: String
    let text: String
  }

  /// What the disk said; absent where it said nothing.
  struct SMART: Encodable {
    let model: String?
    let serial: String?
    let firmware: String?
    let wwn: String?
    let capacity: UInt64?
    let rotationRate: Int?
    let powerOnHours: UInt64?
    let temperature: Int?
    let passed: Bool?
    let exitStatus: UInt8
    let reallocated: UInt64?
    let spinRetries: UInt64?
    let endToEndErrors: UInt64?
    let reportedUncorrectable: UInt64?
    let commandTimeouts: UInt64?
    let pending: UInt64?
    let offlineUncorrectable: UInt64?
    let cableErrors: UInt64?
    /// Tenths of a second; 0: never.
    let errorRecoveryLimit: UInt64?
    let enduranceUsed: UInt64?
    let criticalWarning: UInt8?
    let mediaErrors: UInt64?
    let spare: UInt64?
    let uncorrectedReads: UInt64?
    let grownDefects: UInt64?
  }

  struct Read: Encodable {
    let place: String
    let start: UInt64
    let length: UInt64
    /// `read`, `failed`, `hung`.
    let outcome: String
    let failedAt: UInt64?
    let seconds: Double
  }

  struct Slice: Encodable {
    let partition: Int?
    let start: UInt64
    let length: UInt64
    let kind: String?
    let label: String?
    let identifiedAs: String?
    let problem: String?
  }

  let schema = "renflou-triage-1"
  let source: String
  let disk: String?
  let length: UInt64
  let course: String
  let reasons: [Reason]
  let next: [String]
  let smart: SMART?
  let samples: [Read]
  let mounts: [String]
  let isSystemDisk: Bool
  let isReadOnly: Bool?
  let slices: [Slice]?

  init(_ triage: Triage, _ messages: Messages) {
    source = triage.path
    disk = triage.device?.path
    length = triage.length.rawValue
    course = triage.advice.course.rawValue
    reasons = triage.advice.reasons.map {
      Reason(name: $0.name, course: $0.course.rawValue, text: messages.reason($0))
    }
    next = messages.next(triage)
    smart = triage.health.report.map(SMART.init)
    samples = triage.samples.map(Read.init)
    mounts = triage.device?.mounts ?? []
    isSystemDisk = triage.device?.isSystemDisk ?? false
    isReadOnly = triage.isReadOnly
    slices = triage.probe?.slices.map { slice in
      Slice(
        partition: slice.partition?.number, start: slice.range.lowerBound.rawValue,
        length: slice.range.length.rawValue, kind: slice.volume?.kind, label: slice.volume?.label,
        identifiedAs: slice.identity?.type, problem: slice.volume == nil ? slice.problem : nil)
    }
  }
}

extension TriageDocument.SMART {
  init(_ report: SMARTReport) {
    self.init(
      model: report.model, serial: report.serial, firmware: report.firmware, wwn: report.wwn,
      capacity: report.capacity?.rawValue, rotationRate: report.rotationRate,
      powerOnHours: report.powerOnHours, temperature: report.temperature, passed: report.passed,
      exitStatus: report.exit.rawValue, reallocated: report.ata?.reallocated,
      spinRetries: report.ata?.spinRetries, endToEndErrors: report.ata?.endToEndErrors,
      reportedUncorrectable: report.ata?.reportedUncorrectable,
      commandTimeouts: report.ata?.commandTimeouts, pending: report.ata?.pending,
      offlineUncorrectable: report.ata?.offlineUncorrectable,
      cableErrors: report.ata?.cableErrors, errorRecoveryLimit: report.ata?.errorRecoveryLimit,
      enduranceUsed: report.enduranceUsed, criticalWarning: report.nvme?.warning.rawValue,
      mediaErrors: report.nvme?.mediaErrors, spare: report.nvme?.spare,
      uncorrectedReads: report.scsi?.uncorrectedReads, grownDefects: report.scsi?.grownDefects)
  }
}

extension TriageDocument.Read {
  init(_ sample: Sample) {
    let (word, failedAt): (String, UInt64?) =
      switch sample.outcome {
      case .read: ("read", nil)
      case .failed(let offset): ("failed", offset.rawValue)
      case .hung: ("hung", nil)
      }
    self.init(
      place: sample.place.rawValue, start: sample.range.lowerBound.rawValue,
      length: sample.range.length.rawValue, outcome: word, failedAt: failedAt,
      seconds: sample.seconds)
  }
}
