// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Dispatch
import Storage
import Synchronization

/// The digest of an image, taken while it is written as long as that goes from front to back, and
/// from the image itself for the rest.
final class RunningDigest: Sendable {
  let kind: MessageDigest.Kind
  private let queue: DispatchQueue
  // SAFETY: touched on `queue` alone.
  private nonisolated(unsafe) var digest: MessageDigest
  private nonisolated(unsafe) var position: ByteOffset = 0

  init(_ kind: MessageDigest.Kind) {
    self.kind = kind
    queue = DispatchQueue(label: "digest \(kind)")
    unsafe digest = MessageDigest(kind)
  }

  /// Takes in what was written at `offset`, which stays where it is until `group` is left.
  func take(_ bytes: UnsafeRawBufferPointer, at offset: ByteOffset, _ group: DispatchGroup) {
    // SAFETY: only read, and lent until the group is left.
    nonisolated(unsafe) let bytes = unsafe bytes
    queue.async(group: group) {
      guard unsafe self.position == offset else { return }
      unsafe self.digest.update(bytes.bytes)
      unsafe self.position = offset.advancedClamped(by: ByteCount(clamping: bytes.count))
    }
  }

  /// How much of the image from its start on is taken in.
  var taken: ByteCount { queue.sync { ByteCount(unsafe position.rawValue) } }

  /// Forgets what was taken in: the image was changed behind its front.
  func reset() {
    queue.sync {
      unsafe digest = MessageDigest(kind)
      unsafe position = 0
    }
  }

  /// Takes in the rest of the image, and gives the digest.
  ///
  /// - Parameter tick: told how far it is; true ends it.
  func finish(
    _ image: ImageFile, length: ByteCount, _ tick: (ByteCount) -> Bool
  ) throws -> [UInt8] {
    let buffer = ScratchBuffer(count: 0x40_0000)
    while taken < length {
      if tick(taken) { throw Interrupted() }
      let at = ByteOffset(taken)
      let count = min(Int(clamping: length.subtractingClamped(taken).rawValue), 0x40_0000)
      // SAFETY: count is at most the buffer's length.
      let piece = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<count])
      try unsafe image.read(at: at, into: piece)
      let group = DispatchGroup()
      unsafe take(UnsafeRawBufferPointer(piece), at: at, group)
      group.wait()
    }
    return queue.sync { unsafe digest.value() }
  }
}
