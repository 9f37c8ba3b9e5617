// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What can be read at any offset: an open file, or a test's imitation of a failing one.
protocol PositionedFile: Sendable {
  /// Reads once at `offset`: the number of bytes that came (0 at the end), or the error.
  func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) -> Result<
    Int, SystemError
  >
}
