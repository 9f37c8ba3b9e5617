// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage
import Glibc

/// A file that only grows, and that one job at a time holds.
package final class AppendedFile: Sendable {
  package let path: String
  private let descriptor: Descriptor

  /// Opens the file, or makes it.
  ///
  /// Throws `SinkError`; `inUse` where another job has it.
  package init(path: String) throws(SinkError) {
    self.path = path
    let number = unsafe cs_open_for_appending(path)
    guard number >= 0 else { throw SinkError(path, SystemError(number)) }
    descriptor = Descriptor(number)
    let locked = cs_lock(number)
    if locked == -EWOULDBLOCK { throw SinkError(path, .inUse) }
    guard locked == 0 else { throw SinkError(path, SystemError(locked)) }
  }

  /// Puts bytes at the end; with `sync`, returns once they are on the disk.
  package func append(_ bytes: [UInt8], sync: Bool) throws(SinkError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      // SAFETY: the slice's own memory and count.
      let put = unsafe rest.withUnsafeBytes {
        unsafe cs_write(descriptor.number, $0.baseAddress, $0.count)
      }
      guard put > 0 else { throw SinkError(path, SystemError(put)) }
      rest = rest.dropFirst(Int(clamping: put))
    }
    guard sync else { return }
    let result = cs_sync_data(descriptor.number)
    guard result == 0 else { throw SinkError(path, SystemError(result)) }
  }

  /// Begins anew: what it held has a place elsewhere.
  package func empty() throws(SinkError) {
    let result = cs_set_length(descriptor.number, 0)
    guard result == 0 else { throw SinkError(path, SystemError(result)) }
  }
}
