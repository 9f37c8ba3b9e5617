// SPDX-License-Identifier: Apache-2.0

/// How far counters rose from one report to the next; a counter that one of them lacks did not.
package struct HealthChange: Hashable, Sendable {
  /// Attribute 5.
  package let reallocated: UInt64
  /// Attribute 187.
  package let reportedUncorrectable: UInt64
  /// Attribute 197.
  package let pending: UInt64
  /// Attribute 199.
  package let cableErrors: UInt64

  package init(from start: SMARTReport, to now: SMARTReport) {
    func rise(_ counter: KeyPath<ATAHealth, UInt64?>) -> UInt64 {
      guard let before = start.ata?[keyPath: counter], let after = now.ata?[keyPath: counter],
        after > before
      else { return 0 }
      return after - before
    }
    reallocated = rise(\.reallocated)
    reportedUncorrectable = rise(\.reportedUncorrectable)
    pending = rise(\.pending)
    cableErrors = rise(\.cableErrors)
  }

  package var isNothing: Bool {
    reallocated == 0 && reportedUncorrectable == 0 && pending == 0 && cableErrors == 0
  }
}
