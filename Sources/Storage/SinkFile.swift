// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage
import Checksums
import Glibc

/// A file being recovered. It has a temporary name until it is finished, so that no half file ever
/// stands under a final one; one that is never finished disappears. Not to be shared by threads.
package final class SinkFile {
  private let sink: Sink
  private let place: Sink.Place
  private let name: [UInt8]
  private let temporary: Sink.PartialKey
  private var descriptor: Int32
  private var length: UInt64 = 0
  private var endsInHole = false

  /// The path below the sink, as it is on the target; the name is final only once finished.
  package private(set) var relativePath: [[UInt8]]

  init(in sink: Sink, _ place: Sink.Place, name: [UInt8]) throws(SinkError) {
    self.sink = sink
    self.place = place
    self.name = name
    guard let status = place.folder.status else { throw SinkError(sink.path, .gone) }
    let hash = SHA256.hash(name).prefix(8).map { $0 }.hexadecimal
    var attempt = 1
    var key: Sink.PartialKey
    repeat {
      let text = attempt == 1 ? ".renflou-\(hash).part" : ".renflou-\(hash)-\(attempt).part"
      key = Sink.PartialKey(device: status.device, inode: status.inode, name: Array(text.utf8))
      attempt += 1
    } while !sink.reserve(key)
    temporary = key
    relativePath = place.actual + [SafeName(name).bytes]
    descriptor = Self.create(key.name, in: place.folder)
    if descriptor < 0 {
      sink.release(key)
      throw SinkError(sink.path, SystemError(descriptor))
    }
  }

  /// Creates the temporary file; what an earlier run that was killed left under its name goes.
  private static func create(_ name: [UInt8], in folder: Descriptor) -> Int32 {
    let first = folder.create(name)
    guard SystemError(first).code == EEXIST else { return first }
    _ = folder.unlink(name)
    return folder.create(name)
  }

  /// Appends bytes.
  package func write(_ bytes: RawSpan) throws(SinkError) {
    var done = 0
    while done < bytes.byteCount {
      let rest = bytes.extracting(done...)
      // SAFETY: the call reads exactly the bytes of the span.
      let put = unsafe rest.withUnsafeBytes {
        unsafe cs_write(descriptor, $0.baseAddress, $0.count)
      }
      guard put > 0 else { throw SinkError(sink.path, SystemError(put == 0 ? -Int64(EIO) : put)) }
      done += Int(clamping: put)
      endsInHole = false
      length = length.addingReportingOverflow(UInt64(clamping: put)).partialValue
      try sink.note(written: UInt64(clamping: put))
    }
  }

  /// Appends zeros without writing them.
  package func skip(_ count: ByteCount) throws(SinkError) {
    guard count > 0 else { return }
    let (sum, overflow) = length.addingReportingOverflow(count.rawValue)
    guard !overflow, sum <= UInt64(Int64.max) else { throw SinkError(sink.path, .tooLarge) }
    let result = cs_skip(descriptor, count.rawValue)
    guard result == 0 else { throw SinkError(sink.path, SystemError(result)) }
    length = sum
    endsInHole = true
  }

  /// Gives the file its times and its name. Nothing is replaced: where the name is taken, the file
  /// gets a number. On an error the file is discarded.
  ///
  /// - Parameters:
  ///   - modified: nanoseconds since 1970; nil leaves the present time.
  ///   - accessed: the same.
  package func finish(modified: Int64? = nil, accessed: Int64? = nil) throws(SinkError) {
    guard descriptor >= 0 else { return }
    do throws(SinkError) {
      if endsInHole { try check(cs_set_length(descriptor, length)) }
      // A time that the target cannot hold is no reason to lose the file.
      _ = cs_set_times(
        descriptor, accessed == nil ? 0 : 1, accessed ?? 0, modified == nil ? 0 : 1, modified ?? 0)
      let closing = descriptor
      descriptor = -1
      try check(cs_finish(closing))
      try rename()
      sink.release(temporary)
    } catch {
      discard()
      remove()
      throw error
    }
  }

  private func rename() throws(SinkError) {
    for rules in SafeName.Rules.allCases {
      let safe = SafeName(name, rules)
      let key = Sink.PartialKey(
        device: temporary.device, inode: temporary.inode, name: safe.bytes)
      let first = sink.firstNumber(key)
      for number in first...first.addingReportingOverflow(Sink.mostTwins).partialValue {
        let final = safe.numbered(number, rules)
        let result = place.folder.rename(temporary.name, final)
        if result == 0 {
          sink.note(taken: number, key)
          relativePath = place.actual + [final]
          return
        }
        let code = SystemError(result).code
        if rules == .linux, Sink.isRefusedName(code) { break }
        guard code == EEXIST else { throw SinkError(sink.path, SystemError(result)) }
      }
    }
    throw SinkError(sink.path, .nameTooLong)
  }

  /// Removes what was written.
  package func discard() {
    guard descriptor >= 0 else { return }
    cs_close(descriptor)
    descriptor = -1
    remove()
  }

  private func remove() {
    _ = place.folder.unlink(temporary.name)
    sink.release(temporary)
  }

  private func check(_ result: Int32) throws(SinkError) {
    guard result == 0 else { throw SinkError(sink.path, SystemError(result)) }
  }

  deinit { discard() }
}
