// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// What came of asking a disk for its health.
package enum HealthAnswer: Hashable, Sendable {
  case report(SMARTReport)
  /// It is a file.
  case notADevice
  /// There is no smartctl.
  case noSmartctl
  case noRights
  /// smartctl does not know the USB bridge that the disk hangs on.
  case unknownBridge
  /// The device has no health to tell: a virtual disk, a card reader.
  case untold
  /// The device did not open, or did not say what it is; with smartctl's words.
  case notIdentified(String)
  case tooSlow(seconds: Double)
  /// smartctl did not start, or printed what is no report of its own.
  case unusable

  /// Sorts a report by whether it tells anything, and if not, why.
  init(_ report: SMARTReport) {
    let words = report.complaints.joined(separator: "; ")
    func says(_ some: String...) -> Bool { some.contains { words.contains($0) } }
    if report.tellsHealth {
      self = .report(report)
    } else if says("Permission denied", "Operation not permitted") {
      self = .noRights
    } else if says("USB bridge") {
      self = .unknownBridge
    } else if report.exit.contains(.notOpened) {
      self = .notIdentified(words)
    } else if report.exit.contains(.commandLine) || report.model == nil {
      self = .untold
    } else {
      self = .report(report)
    }
  }

  package var report: SMARTReport? {
    if case .report(let report) = self { report } else { nil }
  }
}

/// An answer that another thread gives.
final class Answer: Sendable {
  private let value = Mutex(HealthAnswer.unusable)
  private let given = DispatchSemaphore(value: 0)

  func give(_ answer: HealthAnswer) {
    value.withLock { $0 = answer }
    given.signal()
  }

  func take() -> HealthAnswer {
    given.wait()
    return value.withLock { $0 }
  }
}
