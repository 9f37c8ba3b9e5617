// SPDX-License-Identifier: Apache-2.0

import Bytes
import Dispatch
import Glibc
import Storage
import Synchronization

/// Writes and hashes what was read while the next reads are under way, and records what is safe.
///
/// Bytes are lent by the reader, which reads to the same place again two batches later.
final class Consumer: Sendable {
  private struct State {
    var failure: (any Error)?
    /// Marks whose data was written, but may not be on the disk yet.
    var pending: [Mapfile.Block] = []
  }

  private let images: [ImageFile]
  private let digests: [RunningDigest]
  private let record: RescueRecord
  private let isSparse: Bool
  private let writing = DispatchQueue(label: "image writing")
  private let syncing = DispatchQueue(label: "image syncing")
  private let groups = [DispatchGroup(), DispatchGroup()]
  private let half = Mutex(0)
  private let state = Mutex(State())

  /// - Parameter isSparse: leave holes where zeros would be written to a new image.
  init(_ images: [ImageFile], _ digests: [RunningDigest], _ record: RescueRecord, isSparse: Bool) {
    self.images = images
    self.digests = digests
    self.record = record
    self.isSparse = isSparse
    syncLater()
  }

  /// Waits until nobody looks at the bytes of the batch before the last any more.
  func beginBatch() {
    let next = half.withLock { half in
      half = 1 - half
      return half
    }
    groups[next].wait()
  }

  /// Takes in what one attempt led to; `bytes` stay where they are until `settle`.
  func take(_ bytes: UnsafeRawBufferPointer?, at offset: ByteOffset, _ marks: [Mapfile.Block]) {
    let group = groups[half.withLock { $0 }]
    // SAFETY: only read, and lent until `beginBatch` or `settle` has waited for the group.
    nonisolated(unsafe) let bytes = unsafe bytes
    if let bytes = unsafe bytes {
      for digest in digests { unsafe digest.take(bytes, at: offset, group) }
    }
    writing.async(group: group) {
      guard self.state.withLock({ $0.failure == nil }) else { return }
      do {
        if let bytes = unsafe bytes {
          let isZero = unsafe self.isSparse && Self.isZero(bytes)
          for image in self.images where !(isZero && image.isNew) {
            try unsafe image.write(bytes, at: offset)
          }
        }
        self.state.withLock { $0.pending += marks }
      } catch {
        self.state.withLock { $0.failure = error }
      }
    }
  }

  /// Returns once all that was taken in was written, and nobody looks at lent bytes any more.
  func settle() {
    for group in groups { group.wait() }
    writing.sync {}
  }

  /// Throws what went wrong behind the caller's back.
  func check() throws {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  /// Returns once all that was taken in is on the disk and recorded.
  func flush() throws {
    settle()
    syncing.sync { syncNow() }
    try check()
  }

  /// Twice a second, as long as it lives.
  private func syncLater() {
    syncing.asyncAfter(deadline: .now() + .milliseconds(500)) { [weak self] in
      guard let self else { return }
      syncNow()
      syncLater()
    }
  }

  /// Data before record: what is recorded as read is on the disk.
  private func syncNow() {
    let marks = state.withLock { state in
      let marks = state.pending
      state.pending = []
      return marks
    }
    guard !marks.isEmpty else { return }
    do {
      for image in images { try image.sync() }
      try record.append(marks)
    } catch {
      state.withLock { $0.failure = $0.failure ?? error }
    }
  }

  private static func isZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return true }
    // SAFETY: both comparands lie inside the buffer.
    return unsafe bytes[0] == 0 && memcmp(start, start + 1, bytes.count - 1) == 0
  }
}
