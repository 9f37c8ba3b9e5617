// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Storage

extension Imager {
  /// What is not known of the source once nothing is left to try.
  var unread: [Range<ByteOffset>] {
    Array(
      RangeSet(0..<ByteOffset(length)).subtracting(
        RangeSet(unsorted: policy.map.ranges(.finished))
      ).ranges)
  }

  /// Puts the fill where nothing could be read, and logs it.
  func fill() throws {
    guard settings.fill != .nothing else { return }
    stage = .filling
    let unread = unread
    for range in unread {
      for image in images where !(settings.fill == .zeros && image.isNew) {
        try fill(range, of: image)
      }
      try log(.filled(range, settings.fill))
    }
    if !unread.isEmpty { for image in images { try image.sync() } }
  }

  private func fill(_ range: Range<ByteOffset>, of image: ImageFile) throws {
    var position = range.lowerBound
    while position < range.upperBound {
      if observer.isCancelled() { throw Interrupted() }
      let count = min(Int(clamping: (position..<range.upperBound).length.rawValue), 0x10_0000)
      let bytes = settings.fill.bytes(count: count, from: position, start: range.lowerBound)
      // SAFETY: the array's own memory.
      try unsafe bytes.withUnsafeBytes { try unsafe image.write($0, at: position) }
      position = position.advancedClamped(by: ByteCount(clamping: count))
    }
  }

  /// The digests of the image as it stands now.
  func finishDigests() throws -> [(kind: MessageDigest.Kind, digest: [UInt8])] {
    stage = .hashing
    var result: [(MessageDigest.Kind, [UInt8])] = []
    let isComplete = unread.isEmpty
    for digest in digests {
      let bytes = try digest.finish(images[0], length: length) { done in
        observer.observe(progress(done: done))
        return observer.isCancelled()
      }
      result.append((digest.kind, bytes))
      try log(.digest(digest.kind, bytes, isComplete: isComplete))
    }
    return result
  }

  /// Reads every image again and compares its digests with those of what was written.
  func verify(_ expected: [(kind: MessageDigest.Kind, digest: [UInt8])]) throws {
    guard settings.verifies, let (kind, digest) = expected.first else { return }
    stage = .verifying
    for image in images {
      let again = try RunningDigest(kind).finish(image, length: length) { done in
        observer.observe(progress(done: done))
        return observer.isCancelled()
      }
      try log(.verified(again == digest))
      guard again == digest else { throw RescueError(image.path, .imageDiffers) }
    }
  }
}

extension ImagerSettings.Fill {
  /// The bytes that stand at `position` of a range that starts at `start`.
  func bytes(count: Int, from position: ByteOffset, start: ByteOffset) -> [UInt8] {
    switch self {
    case .zeros, .nothing: return [UInt8](repeating: 0, count: count)
    case .pattern(let pattern):
      guard !pattern.isEmpty else { return [UInt8](repeating: 0, count: count) }
      let period = UInt64(pattern.count)
      let first = (start..<position).length.rawValue % period
      return (0..<count).map { pattern[Int((first + UInt64($0)) % period)] }
    case .marker:
      var bytes: [UInt8] = []
      bytes.reserveCapacity(count + 512)
      // From the start of the sector, so that a range that begins amid one is filled alike.
      var at = position.rawValue / 512 * 512
      let skipped = Int(position.rawValue - at)
      while bytes.count < count + skipped {
        let words = Array("NOT READ FROM THE SOURCE  sector \(at / 512)\n".utf8)
        bytes += words + [UInt8](repeating: 0x2E, count: 512 - words.count)
        at += 512
      }
      return Array(bytes[skipped..<(skipped + count)])
    }
  }
}
