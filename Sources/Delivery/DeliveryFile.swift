// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// One file that a customer gets.
package struct DeliveryFile: Sendable, Equatable {
  /// The finding that it was recovered from.
  package let id: Int64
  /// Where it stands below the recovery's `files/`, in raw bytes.
  package let origin: [UInt8]
  /// Where it goes below the bag's `data/`: names that any system can hold.
  package let components: [String]
  /// Its path as the disk had it.
  package let originalPath: [UInt8]
  package let size: ByteCount
  package let sha256: [UInt8]
  package let type: String
  package let modified: Timestamp?
  package let verdict: Verdict
  package let evidence: [Evidence]
  /// Bytes for which zeros stand.
  package let missing: ByteCount
  /// The wish that it is for, by its number; nil for none.
  package let wish: Int?

  /// The path below `data/`.
  package var path: String { components.joined(separator: "/") }

  package var name: String { components.last ?? "" }

  package var isDamaged: Bool { Self.isDamaged(verdict, missing: missing) }

  /// Whether nothing is known to be wrong, but something had to be guessed: somebody should open it.
  package var isDoubtful: Bool { verdict == .guessed && !isDamaged }

  /// Whether bytes are missing or foreign.
  static func isDamaged(_ verdict: Verdict, missing: ByteCount) -> Bool {
    verdict > .guessed || missing > 0
  }
}
