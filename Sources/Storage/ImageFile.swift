// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage
import Glibc

/// The raw image that a rescue writes: bytes at any offset, in any order.
package final class ImageFile: Sendable {
  package let path: String
  /// Whether this job made it: what was never written there reads as zeros.
  package let isNew: Bool
  private let descriptor: Descriptor

  /// Creates an image, or opens the one that an earlier run of the same job made.
  ///
  /// Throws `SinkError`.
  ///
  /// - Parameter resuming: whether the image must be there already.
  package init(path: String, length: ByteCount, resuming: Bool) throws(SinkError) {
    self.path = path
    isNew = !resuming
    let number = unsafe cs_open_image(path, resuming ? 0 : 1)
    guard number >= 0 else { throw SinkError(path, SystemError(number)) }
    descriptor = Descriptor(number)
    guard descriptor.status?.kind == CS_FILE else { return }
    if descriptor.status?.size ?? 0 < length.rawValue {
      let result = cs_set_length(number, length.rawValue)
      guard result == 0 else { throw SinkError(path, SystemError(result)) }
    }
  }

  /// Writes all of `bytes` at `offset`.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: ByteOffset) throws(SinkError) {
    var done = 0
    while done < bytes.count {
      let position = offset.advancedClamped(by: ByteCount(clamping: done))
      // SAFETY: done < bytes.count.
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
      let put = unsafe cs_write_at(
        descriptor.number, rest.baseAddress, rest.count, position.rawValue)
      guard put > 0 else {
        throw SinkError(path, put == 0 ? SystemError(-ENOSPC) : SystemError(put))
      }
      done += Int(clamping: put)
    }
  }

  /// Returns once what was written so far is on the disk.
  package func sync() throws(SinkError) {
    let result = cs_sync_data(descriptor.number)
    guard result == 0 else { throw SinkError(path, SystemError(result)) }
  }

  /// Fills `target` from `offset` on.
  package func read(
    at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer
  ) throws(SinkError) {
    var done = 0
    while done < target.count {
      let position = offset.advancedClamped(by: ByteCount(clamping: done))
      // SAFETY: done < target.count.
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: target[done...])
      switch unsafe descriptor.read(at: position, into: rest) {
      case .success(0): throw SinkError(path, .failed("the image ends too early"))
      case .success(let got): done += got
      case .failure(let error): throw SinkError(path, error)
      }
    }
  }
}
