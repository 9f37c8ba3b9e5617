// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How far carving is, and all that it must know to go on as if it had not been stopped.
package struct CarvingProgress: Sendable, Equatable {
  /// All candidates before it are decided.
  package var position: ByteOffset
  /// Candidates that were not followed to their end.
  package var cutShort: Int
  /// Bytes that may be read before candidates are only glanced at; negative for a debt.
  package var credit: Int64

  package init(position: ByteOffset, cutShort: Int, credit: Int64) {
    self.position = position
    self.cutShort = cutShort
    self.credit = credit
  }
}
