// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Writes a document beside its final name and puts it in place once it is whole, so that a kill or
/// a full disk leaves either the old document or the new one.
///
/// Throws `SinkError`, and what `render` throws.
///
/// - Parameters:
///   - isProgram: whether it is to be run, as far as the target knows of that.
///   - render: hands the document's bytes out, piece by piece.
package func replaceFile(
  at path: String, isProgram: Bool = false,
  _ render: (_ write: @escaping ([UInt8]) throws -> Void) throws -> Void
) throws {
  let temporary = path + ".renflou-part"
  let descriptor = unsafe open(
    temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
    isProgram ? 0o755 : 0o644)
  guard descriptor >= 0 else { throw SinkError(path, SystemError(-errno)) }
  do {
    defer { close(descriptor) }
    let buffer = DocumentBuffer(descriptor: descriptor, place: path)
    try render { try buffer.write($0) }
    try buffer.flush()
    guard fsync(descriptor) == 0 else { throw SinkError(path, SystemError(-errno)) }
  } catch {
    unsafe unlink(temporary)
    throw error
  }
  guard unsafe rename(temporary, path) == 0 else { throw SinkError(path, SystemError(-errno)) }
}

/// Gathers small pieces for long writes.
private final class DocumentBuffer {
  private let descriptor: CInt
  private let place: String
  private var bytes: [UInt8] = []

  init(descriptor: CInt, place: String) {
    self.descriptor = descriptor
    self.place = place
  }

  func write(_ piece: [UInt8]) throws {
    bytes += piece
    if bytes.count >= 0x4_0000 { try flush() }
  }

  func flush() throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      // SAFETY: the slice's own memory and count.
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw SinkError(place, SystemError(-errno)) }
      rest = rest.dropFirst(count)
    }
    bytes.removeAll(keepingCapacity: true)
  }
}

/// Removes a file of ours, if it is there.
package func removeFile(_ path: String) { unsafe unlink(path) }
