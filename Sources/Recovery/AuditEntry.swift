// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What an audit says of one file.
package struct AuditEntry: Sendable {
  package enum Outcome: String, Sendable, CaseIterable {
    case matched, changed
    /// Its bytes are those of a file that should stand elsewhere.
    case moved
    case missing, new
    /// Its bytes match, its time or its rights do not.
    case metadata
    /// Its bytes match, but do not hold the format that they were said to.
    case malformed
    /// What it should be cannot be read to its end; as far as it can, it matches.
    case unproven
    /// It is there, but cannot be read.
    case unreadable
  }

  /// Where the file should stand; of a new one, where it stands. Relative to the folder, raw.
  package let path: [UInt8]
  package var outcome: Outcome
  /// Of a file that was moved: where it stands now.
  package var target: [UInt8]?
  package var expectedSize: ByteCount?
  package var size: ByteCount?
  /// Where the bytes differ; nil where the old ones are not at hand.
  package var difference: ContentDifference?
  /// Where what differs should have come from, in bytes of the medium.
  package var places: [Range<ByteOffset>] = []
  /// Bytes that the medium does not deliver.
  package var unread: ByteCount = 0
  /// Times of modification that differ.
  package var times: (expected: Timestamp, found: Timestamp)?
  /// Permission bits that differ.
  package var modes: (expected: UInt16, found: UInt16)?
  /// Where its format breaks off.
  package var brokenAt: ByteOffset?
  /// What the folder should hold in all, and does: of a bag's own word on it.
  package var totals: (expected: PayloadTotals, found: PayloadTotals)?

  init(_ path: [UInt8], _ outcome: Outcome) {
    self.path = path
    self.outcome = outcome
  }
}
