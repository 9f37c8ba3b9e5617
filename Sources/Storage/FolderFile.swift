// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc

/// A regular file below a folder, as its inode tells of it.
package struct FolderFile: Sendable, Equatable {
  /// Relative to the folder, in raw bytes.
  package let path: [UInt8]
  package let length: ByteCount
  package let inode: UInt64
  /// The twelve permission bits.
  package let mode: UInt16
  /// When its bytes were last written, in nanoseconds since 1970.
  package let modified: Int64
  /// When its inode last changed: nobody can set it back.
  package let changed: Int64

  init(path: [UInt8], _ status: stat) {
    self.path = path
    length = ByteCount(UInt64(clamping: status.st_size))
    inode = UInt64(status.st_ino)
    mode = UInt16(truncatingIfNeeded: status.st_mode & 0o7777)
    modified = Self.nanoseconds(status.st_mtim)
    changed = Self.nanoseconds(status.st_ctim)
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000).partialValue
      &+ Int64(time.tv_nsec)
  }
}
