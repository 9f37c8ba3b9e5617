// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What came of a delivery.
package struct DeliveryResult: Sendable {
  /// What came of one file.
  package enum Outcome: String, Sendable, CaseIterable {
    case copied
    /// It stood there already, with the right digest.
    case kept
    /// The recovery's folder no longer has it, or it cannot be read.
    case missing
    /// What the recovery's folder has is not what was recovered.
    case changed
    /// What stands at its place in the target is something else.
    case changedInTarget = "changed-in-target"
  }

  package let plan: DeliveryPlan
  package private(set) var copied = 0
  package private(set) var kept = 0
  /// Of both.
  package private(set) var bytes: ByteCount = 0
  /// What could not be delivered, and why.
  package private(set) var failures: [(file: DeliveryFile, outcome: Outcome)] = []
  /// The SHA-256 of the bag's manifest.
  package internal(set) var manifest: [UInt8] = []

  init(plan: DeliveryPlan) { self.plan = plan }

  package var delivered: Int { copied + kept }

  /// Whether all that was to be delivered is there.
  package var isComplete: Bool { failures.isEmpty }

  /// Whether somebody should look: damage in the delivery or left out of it, or files that are not there.
  package var hasLosses: Bool {
    !isComplete || plan.damaged > 0 || !plan.leftOut.isEmpty
      || plan.wishes.contains { $0.notRecovered > 0 }
  }

  mutating func count(_ file: DeliveryFile, _ outcome: Outcome) {
    switch outcome {
    case .copied: copied += 1
    case .kept: kept += 1
    case .missing, .changed, .changedInTarget: return failures.append((file, outcome))
    }
    bytes = bytes.addingClamped(file.size)
  }
}
