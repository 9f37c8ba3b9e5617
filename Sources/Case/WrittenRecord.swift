// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What became of a finding that was to be written.
package struct WrittenRecord: Sendable, Equatable {
  package enum Outcome: UInt8, Sendable {
    /// It stands in the target.
    case written
    /// Its content stands in the target already, at `path`.
    case twin
    /// It is one of the files that nobody looks for.
    case known
  }

  /// The finding that it was written from.
  package var id: Int64
  /// Where it is, relative to `files/`, as it came to be on the target; empty where nowhere.
  package var path: [UInt8]
  package var sha256: [UInt8]
  package var size: ByteCount
  /// Bytes for which zeros stand.
  package var missing: ByteCount
  package var verdict: Verdict
  package var evidence: [Evidence]
  package var outcome: Outcome

  package init(
    id: Int64, path: [UInt8], sha256: [UInt8], size: ByteCount, missing: ByteCount,
    verdict: Verdict, evidence: [Evidence], outcome: Outcome = .written
  ) {
    self.id = id
    self.path = path
    self.sha256 = sha256
    self.size = size
    self.missing = missing
    self.verdict = verdict
    self.evidence = evidence
    self.outcome = outcome
  }
}
