// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage
import Glibc

/// The kernel's flag of a block device that makes it refuse writes, of whatever program.
package enum ReadOnlyFlag {
  /// Nil where the device cannot be asked.
  package static func isSet(on path: String) -> Bool? {
    let result = unsafe cs_is_read_only(path)
    return result < 0 ? nil : result == 1
  }

  /// Sets it, and asks the kernel again whether it holds. It lasts until the device is unplugged, or
  /// someone takes it back (`blockdev --setrw`).
  package static func set(on path: String) throws(ReadOnlyFlagError) {
    let result = unsafe cs_set_read_only(path)
    guard result == 0 else {
      let error = SystemError(result)
      throw ReadOnlyFlagError(
        path: path, isRights: [EACCES, EPERM].contains(error.code), problem: error.words)
    }
    guard isSet(on: path) == true else {
      throw ReadOnlyFlagError(path: path, isRights: false, problem: "the kernel did not keep it")
    }
  }
}

/// A device that could not be set read-only.
package struct ReadOnlyFlagError: Explained, Equatable {
  package let path: String
  /// Whether the user lacks the right to it.
  package let isRights: Bool
  package let problem: String

  package var what: String { "the device cannot be set read-only: \(problem)" }
  package var place: String { path }
  package var advice: String {
    isRights ? "run it as root (sudo)" : "use a hardware write blocker"
  }
}
