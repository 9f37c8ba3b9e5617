// SPDX-License-Identifier: Apache-2.0

import Bytes
import Synchronization

/// Buffers for windows, used again and again: fresh memory costs more than the copy into it.
final class BufferPool: Sendable {
  /// Memory of one size, for one reader at a time: the pool lends it to nobody else meanwhile.
  // SAFETY: the pool hands it to one reader, and takes it back before the next.
  final class Buffer: @unchecked Sendable {
    let capacity: Int
    private let memory: ScratchBuffer

    init(capacity: Int) {
      self.capacity = capacity
      memory = ScratchBuffer(count: capacity)
    }

    /// Lends the first `count` bytes, at most `capacity`.
    func withBytes<R, E: Error>(
      _ count: Int, _ body: (UnsafeMutableRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
      // SAFETY: only who took the buffer from the pool has it, and `prefix` stays inside it.
      try unsafe body(UnsafeMutableRawBufferPointer(rebasing: memory.bytes.prefix(count)))
    }
  }

  private let idle = Mutex<[Buffer]>([])

  /// More are freed when they come back: as many as a machine has workers.
  private static let mostIdle = 16
  private static let smallest = 0x1_0000

  /// Lends a buffer of `count` bytes, whose content is undefined.
  func withBuffer<R>(
    _ count: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> R
  ) throws -> R {
    let buffer = take(count)
    defer { giveBack(buffer) }
    return try unsafe buffer.withBytes(count, body)
  }

  /// The smallest idle buffer that is large enough, or a new one.
  private func take(_ count: Int) -> Buffer {
    let found = idle.withLock { idle -> Buffer? in
      let fitting = idle.indices.filter { idle[$0].capacity >= count }
      let best = fitting.min { idle[$0].capacity < idle[$1].capacity }
      return best.map { idle.remove(at: $0) }
    }
    if let found { return found }
    var capacity = Self.smallest
    while capacity < count { capacity *= 2 }
    return Buffer(capacity: capacity)
  }

  private func giveBack(_ buffer: Buffer) {
    idle.withLock { idle in
      if idle.count < Self.mostIdle { idle.append(buffer) }
    }
  }
}
