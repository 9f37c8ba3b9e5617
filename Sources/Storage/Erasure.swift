// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Glibc

/// A regular file that is overwritten once with zeros, and then deleted. What the file system or the
/// drive keeps of it elsewhere is out of reach.
package struct Erasure: Sendable {
  package let path: String
  package let length: ByteCount
  /// Identifies the file, whatever its path.
  private let device: UInt64
  private let inode: UInt64

  /// Why a file may not be erased.
  package enum Objection: Sendable, Equatable {
    case missing
    /// A device, a link, a folder.
    case notAFile
    /// It has other names, whose owner has not been asked.
    case hasOtherNames
  }

  /// Looks at a file; touches nothing.
  package static func planned(_ path: String) -> Result<Erasure, ErasureRefused> {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else {
      return .failure(ErasureRefused(path: path, objection: .missing))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      return .failure(ErasureRefused(path: path, objection: .notAFile))
    }
    guard status.st_nlink == 1 else {
      return .failure(ErasureRefused(path: path, objection: .hasOtherNames))
    }
    return .success(
      Erasure(
        path: path, length: ByteCount(UInt64(clamping: status.st_size)),
        device: UInt64(status.st_dev), inode: UInt64(status.st_ino)))
  }

  /// Overwrites, flushes, deletes. Throws `SinkError`, `exists` where another file stands there now.
  ///
  /// - Returns: SHA-256 of what it held; nil where it could not be read.
  package func run() throws(SinkError) -> [UInt8]? {
    let digest = Self.sha256(of: path)
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw SinkError(path, SystemError(-errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, UInt64(status.st_dev) == device,
      UInt64(status.st_ino) == inode, status.st_mode & S_IFMT == S_IFREG
    else { throw SinkError(path, .exists) }
    let zeros = [UInt8](repeating: 0, count: 0x10_0000)
    var rest = Int(clamping: status.st_size)
    while rest > 0 {
      // SAFETY: the array's own memory, and no more than its count.
      let put = unsafe zeros.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, min(rest, $0.count))
      }
      if put < 0, errno == EINTR { continue }
      guard put > 0 else { throw SinkError(path, SystemError(-errno)) }
      rest -= put
    }
    guard fsync(descriptor) == 0 else { throw SinkError(path, SystemError(-errno)) }
    guard unsafe unlink(path) == 0 else { throw SinkError(path, SystemError(-errno)) }
    return digest
  }

  private static func sha256(of path: String) -> [UInt8]? {
    var hash = SHA256()
    let isRead = FolderTree("/").read(
      Array(path.utf8), into: ScratchBuffer(count: 0x10_0000)
    ) { bytes in
      hash.update(bytes)
      return true
    }
    return isRead ? hash.finish() : nil
  }

  /// Deletes folders that are empty, the deepest first; others stay.
  package static func removeEmptyFolders(_ paths: [String]) {
    for path in paths.sorted(by: { $0.utf8.count > $1.utf8.count }) { unsafe rmdir(path) }
  }
}

package struct ErasureRefused: Error, Sendable, Equatable {
  package let path: String
  package let objection: Erasure.Objection
}
