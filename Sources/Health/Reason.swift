// SPDX-License-Identifier: Apache-2.0

import Bytes

/// One fact that speaks for a course, with its value.
package enum Reason: Hashable, Sendable {
  /// Why nothing is known of a disk's health.
  package enum Unknown: String, Sendable {
    case notADevice = "not-a-device"
    case noSmartctl = "no-smartctl"
    case noRights = "no-rights"
    case unknownBridge = "unknown-bridge"
    case untold
    case unusable
  }

  case systemDisk
  case mounted([String])
  case healthUnknown(Unknown)
  case notIdentified(String)
  case doesNotAnswer(seconds: Double)
  case selfAssessmentFailed
  case spinRetries(UInt64)
  /// Degrees Celsius.
  case temperature(Int)
  case temperatureWarning
  case pendingSectors(UInt64)
  case pendingRises(UInt64)
  case offlineUncorrectable(UInt64)
  case reportedUncorrectable(UInt64)
  case uncorrectableRises(UInt64)
  case endToEndErrors(UInt64)
  case belowThreshold
  case uncorrectedReads(UInt64)
  case degraded
  case mediaErrors(UInt64)
  /// In percent.
  case spareLow(UInt64?)
  case selfTestsFailed
  case worn(percent: UInt64)
  case readOnlyDisk
  case backupFailed
  case reallocated(UInt64)
  case grownDefects(UInt64)
  case commandTimeouts(UInt64)
  case cableErrors(UInt64)
  case cableErrorsRise(UInt64)
  case errorsLogged
  /// The disk holds so much more than the kernel shows.
  case hiddenArea(ByteCount)
  case nothingReads
  case sampleHung(Sample.Place, seconds: Double)
  case sampleFailed(Sample.Place, at: ByteOffset)
  case sampleSlow(Sample.Place, seconds: Double)

  /// The course that this reason alone asks for.
  package var course: Advice.Course {
    switch self {
    case .systemDisk, .notIdentified, .doesNotAnswer, .selfAssessmentFailed, .spinRetries,
      .temperature, .temperatureWarning, .nothingReads:
      .stop
    case .mounted, .pendingSectors, .pendingRises, .offlineUncorrectable, .reportedUncorrectable,
      .uncorrectableRises, .endToEndErrors, .belowThreshold, .uncorrectedReads, .degraded,
      .mediaErrors, .spareLow, .selfTestsFailed, .cableErrorsRise, .sampleHung, .sampleFailed,
      .sampleSlow:
      .goGently
    case .worn(let percent): percent >= 100 ? .goGently : .go
    case .healthUnknown, .readOnlyDisk, .backupFailed, .reallocated, .grownDefects,
      .commandTimeouts, .cableErrors, .errorsLogged, .hiddenArea:
      .go
    }
  }

  /// What scripts know it by.
  package var name: String {
    switch self {
    case .systemDisk: "system-disk"
    case .mounted: "mounted"
    case .healthUnknown: "health-unknown"
    case .notIdentified: "not-identified"
    case .doesNotAnswer: "does-not-answer"
    case .selfAssessmentFailed: "self-assessment-failed"
    case .spinRetries: "spin-retries"
    case .temperature: "temperature"
    case .temperatureWarning: "temperature-warning"
    case .pendingSectors: "pending-sectors"
    case .pendingRises: "pending-sectors-rise"
    case .offlineUncorrectable: "offline-uncorrectable"
    case .reportedUncorrectable: "reported-uncorrectable"
    case .uncorrectableRises: "reported-uncorrectable-rises"
    case .endToEndErrors: "end-to-end-errors"
    case .belowThreshold: "below-threshold"
    case .uncorrectedReads: "uncorrected-reads"
    case .degraded: "degraded"
    case .mediaErrors: "media-errors"
    case .spareLow: "spare-low"
    case .selfTestsFailed: "self-tests-failed"
    case .worn: "worn"
    case .readOnlyDisk: "read-only-disk"
    case .backupFailed: "backup-failed"
    case .reallocated: "reallocated"
    case .grownDefects: "grown-defects"
    case .commandTimeouts: "command-timeouts"
    case .cableErrors: "cable-errors"
    case .cableErrorsRise: "cable-errors-rise"
    case .errorsLogged: "errors-logged"
    case .hiddenArea: "hidden-area"
    case .nothingReads: "nothing-reads"
    case .sampleHung: "sample-hung"
    case .sampleFailed: "sample-failed"
    case .sampleSlow: "sample-slow"
    }
  }
}
