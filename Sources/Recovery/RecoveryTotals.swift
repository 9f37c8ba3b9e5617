// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings

/// What a recovery has written so far, this run and earlier ones together.
package struct RecoveryTotals: Sendable {
  package internal(set) var files = 0
  package internal(set) var bytes: ByteCount = 0
  /// Files with missing or foreign bytes.
  package internal(set) var damaged = 0
  /// Bytes that the source did not deliver; zeros stand for them.
  package internal(set) var missing: ByteCount = 0
  /// Files of which only the name is known.
  package internal(set) var withoutContent = 0
  /// Files whose recorded size no file on this medium can have.
  package internal(set) var absurd = 0

  /// Files whose content was written before, under another name.
  package internal(set) var twins = 0
  /// Files that a list of known ones holds.
  package internal(set) var known = 0

  mutating func count(_ written: WrittenRecord) {
    switch written.outcome {
    case .twin:
      twins += 1
      return
    case .known:
      known += 1
      return
    case .written: break
    }
    files += 1
    bytes = bytes.addingClamped(written.size)
    missing = missing.addingClamped(written.missing)
    if written.verdict >= .partial { damaged += 1 }
  }

  func progress(of total: ByteCount) -> JobProgress {
    JobProgress(phase: .recovering, done: bytes, total: total, defects: missing, files: files)
  }
}
