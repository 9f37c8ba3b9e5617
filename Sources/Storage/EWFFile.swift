// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage
import Glibc

/// A segment file being written. It has a temporary name until the whole image is finished, and
/// disappears if that never happens.
final class EWFFile {
  let path: String
  private(set) var end: UInt64 = 0
  /// What was appended last and is not written yet, up to the next multiple of its size: writes that
  /// begin at odd places are slow.
  private let held = ScratchBuffer(count: piece)
  private var heldCount = 0
  private static let piece = 0x4_0000
  private let folder: Descriptor
  private let name: [UInt8]
  private let temporary: [UInt8]
  private let file: Descriptor
  private var isTemporary = true

  /// Creates a file of which nothing is there yet.
  init(path: String, folder: Descriptor) throws(SinkError) {
    self.path = path
    self.folder = folder
    name = Array((path.split(separator: "/").last ?? "").utf8)
    temporary = Array(".renflou-".utf8) + name + Array(".part".utf8)
    guard folder.status(of: name) == nil else { throw SinkError(path, .exists) }
    // What a run that was killed left.
    _ = folder.unlink(temporary)
    let number = folder.create(temporary)
    guard number >= 0 else { throw SinkError(path, SystemError(number)) }
    file = Descriptor(number)
  }

  /// Appends bytes.
  func append(_ bytes: UnsafeRawBufferPointer) throws(SinkError) {
    var done = 0
    while done < bytes.count {
      let place = Int(end % UInt64(Self.piece))
      let count = min(bytes.count - done, Self.piece - place)
      // SAFETY: what is held ends at `place` or before, and count is at most what is left of both.
      unsafe UnsafeMutableRawBufferPointer(rebasing: held.bytes[heldCount..<(heldCount + count)])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[done..<(done + count)]))
      (done, heldCount, end) = (done + count, heldCount + count, end + UInt64(count))
      if place + count == Self.piece { try flush() }
    }
  }

  func append(_ bytes: [UInt8]) throws(SinkError) {
    let written: Result<Void, SinkError> = unsafe bytes.withUnsafeBytes { buffer in
      Result { () throws(SinkError) in try unsafe append(buffer) }
    }
    try written.get()
  }

  /// Replaces bytes that were appended before.
  func write(_ bytes: [UInt8], at offset: UInt64) throws(SinkError) {
    try flush()
    let written: Result<Void, SinkError> = unsafe bytes.withUnsafeBytes { buffer in
      Result { () throws(SinkError) in try unsafe write(buffer, at: offset) }
    }
    try written.get()
  }

  private func flush() throws(SinkError) {
    // SAFETY: heldCount is at most the buffer's length.
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: held.bytes[..<heldCount])
    try unsafe write(bytes, at: end - UInt64(heldCount))
    heldCount = 0
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SinkError) {
    var done = 0
    while done < bytes.count {
      // SAFETY: done < bytes.count.
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
      let put = unsafe cs_write_at(
        file.number, rest.baseAddress, rest.count, offset + UInt64(done))
      guard put > 0 else { throw SinkError(path, SystemError(put == 0 ? -Int64(EIO) : put)) }
      done += Int(clamping: put)
    }
  }

  /// Waits until the target has it all.
  func sync() throws(SinkError) {
    try flush()
    guard fsync(file.number) == 0 else { throw SinkError(path, SystemError(-errno)) }
  }

  /// Gives the file its name; nothing is replaced.
  func publish() throws(SinkError) {
    let result = folder.rename(temporary, name)
    guard result == 0 else {
      let error = SystemError(result)
      throw error.code == EEXIST ? SinkError(path, .exists) : SinkError(path, error)
    }
    isTemporary = false
  }

  /// Takes the name back, after another segment could not get its own.
  func withdraw() {
    if !isTemporary { _ = folder.unlink(name) }
    isTemporary = false
  }

  deinit { if isTemporary { _ = folder.unlink(temporary) } }
}
