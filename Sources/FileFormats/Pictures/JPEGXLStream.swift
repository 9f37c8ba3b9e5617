// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A JPEG XL codestream. It has no end mark: its last frame says that it is the last, and the sizes of
/// its sections where it ends.
enum JPEGXLStream {
  private static let mostFrames = 100_000

  /// Where the codestream that starts at `start` ends; throws `Malformed` where that cannot be told.
  static func end(_ file: Source, from start: ByteOffset) throws -> ByteOffset {
    var bits = JPEGXLBits(file, at: try start + 2)
    let metadata = try JPEGXLMetadata(&bits)
    _ = try bits.align()
    for _ in 0..<mostFrames {
      let frame = try JPEGXLFrame(&bits, of: metadata)
      try bits.move(by: frame.length)
      if frame.isLast { return try bits.align() }
    }
    throw Malformed("JPEG XL", "there are too many frames", at: start)
  }

  /// Whether the headers hold, as far as these bytes go.
  static func resembles(_ bytes: RawSpan) -> Bool {
    guard let head = try? bytes.copy(at: 0, count: min(4096, bytes.byteCount)) else { return false }
    do {
      return try end(Source(bytes: head), from: 0) > 2
    } catch {
      return error is Truncated
    }
  }
}
