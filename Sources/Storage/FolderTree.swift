// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
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
  /// - Parameter body: gets the path relative to the folder, in raw bytes, and the file's length.
  package func visit(_ body: (_ path: [UInt8], _ length: ByteCount) throws -> Void) throws {
    try visit(below: [], depth: 0, body)
  }

  private func visit(
    below folder: [UInt8], depth: Int, _ body: ([UInt8], ByteCount) throws -> Void
  ) throws {
    guard depth < Self.deepest else { return }
    for name in names(in: folder) {
      let path = folder.isEmpty ? name : folder + [0x2F] + name
      var status = stat()
      guard unsafe lstat(cPath(path), &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: try visit(below: path, depth: depth + 1, body)
      case S_IFREG: try body(path, ByteCount(UInt64(clamping: status.st_size)))
      default: continue
      }
    }
  }

  private func names(in folder: [UInt8]) -> [[UInt8]] {
    guard let directory = unsafe opendir(cPath(folder)) else { return [] }
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

  /// The SHA-256 of one file; nil where it cannot be read to its end.
  package func sha256(of path: [UInt8]) -> [UInt8]? {
    let descriptor = unsafe open(cPath(path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var hash = SHA256()
    let buffer = ScratchBuffer(count: 0x10_0000)
    while true {
      let count = unsafe Glibc.read(descriptor, buffer.bytes.baseAddress, buffer.bytes.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { return hash.finish() }
      // SAFETY: `read` filled the first `count` bytes.
      unsafe hash.update(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]).bytes)
    }
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
