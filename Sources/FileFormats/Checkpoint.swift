// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a walk over the sound part of a broken file knows at its end: what may follow is tried from there,
/// without another walk over what comes before.
package struct Checkpoint: Sendable {
  private let examination: @Sendable (Source) throws -> Examination

  init(_ examination: @escaping @Sendable (Source) throws -> Examination) {
    self.examination = examination
  }

  /// Examines a file that begins with the bytes the checkpoint was taken behind. Where it breaks, it says so
  /// at the first problem.
  ///
  /// Throws `ReadError` only; damage is a result.
  package func examine(_ file: Source) throws -> Examination {
    try FileFormat.examine(file, examination)
  }
}
