// SPDX-License-Identifier: Apache-2.0

import CStorage
import Glibc

/// What the operating system said no with.
struct SystemError: Error, Equatable {
  let code: Int32

  /// - Parameter result: a negated errno.
  init(_ result: some BinaryInteger) { code = Int32(clamping: -Int64(clamping: result)) }

  /// The system's words, such as "Input/output error".
  var words: String {
    // SAFETY: the C side returns a string that is never freed.
    unsafe String(cString: cs_error_words(code))
  }

  /// The device or the file is gone: nothing more will come from it.
  var isGone: Bool { [ENXIO, ENODEV, ESHUTDOWN, ENOTCONN, ESTALE, EBADF].contains(code) }
}
