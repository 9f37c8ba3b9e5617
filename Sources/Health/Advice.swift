// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Whether a disk may be imaged, and how: a pure function of what it says of itself, of a few short
/// reads, and of what uses it.
package struct Advice: Hashable, Sendable {
  /// Worse ones are greater.
  package enum Course: String, Sendable, Comparable, CaseIterable {
    case go
    /// As a failing disk: what matters first, no read too much.
    case goGently = "go-gently"
    case stop

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .go: 0
      case .goGently: 1
      case .stop: 2
      }
    }
  }

  package let course: Course
  /// The worst first; those of the course `go` are worth telling, and change nothing.
  package let reasons: [Reason]

  package init(_ reasons: [Reason]) {
    course = reasons.map(\.course).max() ?? .go
    // The sort must be stable: reasons of one course keep their order.
    self.reasons = Course.allCases.reversed().flatMap { course in
      reasons.filter { $0.course == course }
    }
  }

  /// - Parameters:
  ///   - later: the report after the samples; what rose meanwhile is going on now.
  package init(
    _ answer: HealthAnswer, later: SMARTReport? = nil, samples: [Sample] = [],
    use: DiskUse = DiskUse()
  ) {
    var reasons: [Reason] = []
    if use.isSystemDisk {
      reasons.append(.systemDisk)
    } else if !use.mounts.isEmpty {
      reasons.append(.mounted(use.mounts))
    }
    switch answer {
    case .report(let report):
      reasons += Self.reasons(report)
      if let later { reasons += Self.rises(HealthChange(from: report, to: later)) }
      if let whole = report.capacity, let seen = use.size, whole > seen {
        reasons.append(.hiddenArea(whole.subtractingClamped(seen)))
      }
    case .notADevice: reasons.append(.healthUnknown(.notADevice))
    case .noSmartctl: reasons.append(.healthUnknown(.noSmartctl))
    case .noRights: reasons.append(.healthUnknown(.noRights))
    case .unknownBridge: reasons.append(.healthUnknown(.unknownBridge))
    case .untold: reasons.append(.healthUnknown(.untold))
    case .unusable: reasons.append(.healthUnknown(.unusable))
    case .notIdentified(let words): reasons.append(.notIdentified(words))
    case .tooSlow(let seconds): reasons.append(.doesNotAnswer(seconds: seconds))
    }
    self.init(reasons + Self.reasons(samples))
  }

  private static func reasons(_ samples: [Sample]) -> [Reason] {
    let failed = samples.filter { if case .failed = $0.outcome { true } else { false } }
    if failed.count > 1, failed.count == samples.count { return [.nothingReads] }
    return samples.compactMap { sample in
      switch sample.outcome {
      case .hung: .sampleHung(sample.place, seconds: sample.seconds)
      case .failed(let offset): .sampleFailed(sample.place, at: offset)
      case .read: sample.isSlow ? .sampleSlow(sample.place, seconds: sample.seconds) : nil
      }
    }
  }

  private static func rises(_ change: HealthChange) -> [Reason] {
    var reasons: [Reason] = []
    if change.cableErrors > 0 { reasons.append(.cableErrorsRise(change.cableErrors)) }
    if change.pending > 0 { reasons.append(.pendingRises(change.pending)) }
    if change.reportedUncorrectable > 0 {
      reasons.append(.uncorrectableRises(change.reportedUncorrectable))
    }
    return reasons
  }
}

/// What the running system does with a disk.
package struct DiskUse: Hashable, Sendable {
  package let isSystemDisk: Bool
  package let mounts: [String]
  /// As the kernel sees it.
  package let size: ByteCount?

  package init(isSystemDisk: Bool = false, mounts: [String] = [], size: ByteCount? = nil) {
    self.isSystemDisk = isSystemDisk
    self.mounts = mounts
    self.size = size
  }
}
