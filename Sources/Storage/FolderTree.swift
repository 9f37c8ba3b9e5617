// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc

/// The regular files below a folder, to be read again: symbolic links are not followed, and no
/// other file system than the folder's own is entered by a name.
package struct FolderTree: Sendable {
  private let root: String
  private static let deepest = 512

  package init(_ root: String) { self.root = root.hasSuffix("/") ? root : root + "/" }

  /// Whether the folder is there and can be listed.
  package var isReadable: Bool {
    guard let folder = unsafe opendir(root) else { return false }
    unsafe closedir(folder)
    return true
  }

  /// Hands every regular file to `body`, folder by folder, in order of name.
  ///
  /// - Returns: the folders that could not be listed, relative to this one.
  package func visit(_ body: (FolderFile) throws -> Void) throws -> [[UInt8]] {
    var closed: [[UInt8]] = []
    try visit(below: [], depth: 0, &closed, body)
    return closed
  }

  private func visit(
    below folder: [UInt8], depth: Int, _ closed: inout [[UInt8]],
    _ body: (FolderFile) throws -> Void
  ) throws {
    guard depth < Self.deepest, let names = names(in: folder) else { return closed.append(folder) }
    for name in names {
      let path = folder.isEmpty ? name : folder + [0x2F] + name
      var status = stat()
      guard unsafe lstat(cPath(path), &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: try visit(below: path, depth: depth + 1, &closed, body)
      case S_IFREG: try body(FolderFile(path: path, status))
      default: continue
      }
    }
  }

  private func names(in folder: [UInt8]) -> [[UInt8]]? {
    guard let directory = unsafe opendir(cPath(folder)) else { return nil }
    defer { unsafe closedir(directory) }
    var names: [[UInt8]] = []
    while let entry = unsafe readdir(directory) {
      // SAFETY: `d_name` is a NUL-terminated name inside the entry, valid until the next call.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: UInt8.self, capacity: 256) { bytes in
          unsafe Array(UnsafeBufferPointer(start: bytes, count: strnlen(pointer, 256)))
        }
      }
      if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Lends a file's bytes piece by piece, as much as `buffer` holds, until `body` answers false.
  ///
  /// - Returns: false where it cannot be opened or read to its end.
  package func read(
    _ path: [UInt8], into buffer: borrowing ScratchBuffer, _ body: (RawSpan) throws -> Bool
  ) rethrows -> Bool {
    let descriptor = openForReading(path)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    while true {
      let count = unsafe Glibc.read(descriptor, buffer.bytes.baseAddress, buffer.bytes.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return false }
      if count == 0 { return true }
      // SAFETY: `read` filled the first `count` bytes.
      if try unsafe !body(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]).bytes) {
        return true
      }
    }
  }

  /// Looking leaves no trace where the system allows it: only the owner may keep the time of access.
  private func openForReading(_ path: [UInt8]) -> CInt {
    let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let quiet = unsafe open(cPath(path), flags | Self.keepsAccessTime)
    return quiet < 0 && errno == EPERM ? unsafe open(cPath(path), flags) : quiet
  }

  /// O_NOATIME, which the C headers show under `_GNU_SOURCE` alone.
  private static let keepsAccessTime: CInt = 0o1000000

  /// A file of the folder as something to read from at any place; nil where it is empty, cannot be
  /// opened, or bears a name that is no text.
  package func source(of path: [UInt8]) -> Source? {
    guard let name = String(validating: path, as: UTF8.self),
      let file = try? FileMedium(path: root + name)
    else { return nil }
    return Source(file)
  }

  /// The whole of one small file of text, at most `limit` bytes; nil where it cannot be read.
  package static func contents(of path: String, limit: Int = 1 << 30) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var result: [UInt8] = []
    let buffer = ScratchBuffer(count: 0x10_0000)
    while result.count <= limit {
      let count = unsafe Glibc.read(descriptor, buffer.bytes.baseAddress, buffer.bytes.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { return result }
      unsafe result.append(contentsOf: buffer.bytes[..<count])
    }
    return nil
  }

  /// The path as `open` takes it: bytes as they are, ended by a zero.
  private func cPath(_ path: [UInt8]) -> [CChar] {
    (Array(root.utf8) + path).map { CChar(bitPattern: $0) } + [0]
  }
}
