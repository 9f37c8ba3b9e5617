// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A file as it was written to the target.
package struct WrittenRecord: Sendable, Equatable {
  /// The finding that it was written from.
  package var id: Int64
  /// Where it is, relative to `files/`, as it came to be on the target.
  package var path: [UInt8]
  package var sha256: [UInt8]
  package var size: ByteCount
  /// Bytes for which zeros stand.
  package var missing: ByteCount
  package var verdict: Verdict
  package var evidence: [Evidence]

  package init(
    id: Int64, path: [UInt8], sha256: [UInt8], size: ByteCount, missing: ByteCount,
    verdict: Verdict, evidence: [Evidence]
  ) {
    self.id = id
    self.path = path
    self.sha256 = sha256
    self.size = size
    self.missing = missing
    self.verdict = verdict
    self.evidence = evidence
  }
}
