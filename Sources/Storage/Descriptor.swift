// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage

/// An open file, closed with its owner.
final class Descriptor: PositionedFile {
  let number: Int32

  /// - Parameter number: what an open call returned, not negative.
  init(_ number: Int32) { self.number = number }

  deinit { cs_close(number) }

  func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) -> Result<
    Int, SystemError
  > {
    // SAFETY: at most `target.count` bytes are written to it.
    let got = unsafe cs_read_at(number, target.baseAddress, target.count, offset.rawValue)
    return got < 0 ? .failure(SystemError(got)) : .success(Int(clamping: got))
  }

  /// Where the next byte stands that was ever written, or the end of the file; nil where the file
  /// system does not say.
  func nextData(from offset: ByteOffset) -> ByteOffset? {
    UInt64(exactly: cs_next_data(number, offset.rawValue)).map { ByteOffset($0) }
  }

  var status: cs_status? {
    var status = cs_status()
    return unsafe cs_status_of_descriptor(number, &status) == 0 ? status : nil
  }
}
