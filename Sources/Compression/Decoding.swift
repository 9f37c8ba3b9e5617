// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

/// What decompressing a stream showed.
package struct Decoding: Sendable {
  package enum End: Sendable, Equatable {
    /// The stream ended where it said so.
    case complete
    /// The bytes at hand ended first.
    case truncated
    /// Somewhere before this many bytes the stream stops being valid.
    case corrupt
    /// More came out than was allowed.
    case tooLong
    /// The stream asks for more memory than it gets, or for something its library does not know.
    case notHandled
  }

  package let end: End
  /// Bytes of the stream that were used.
  package let consumed: ByteCount
  /// Bytes that came out.
  package let produced: UInt64
  /// The CRC-32 of all that came out; zero where none was asked for.
  package let crc: UInt32
  /// The first bytes that came out, as many as were asked for.
  package let output: [UInt8]

  /// What a decoder may use, whatever its stream asks for: room for windows of up to 256 MiB.
  static let mostMemory: UInt64 = 0x1400_0000

  /// Decompresses from `offset` on to the end of the stream or of the source; nothing but the first
  /// `collect` bytes is kept.
  ///
  /// Throws `ReadError` only.
  ///
  /// - Parameters:
  ///   - prefix: a header that the library expects and the file does not have; not counted.
  ///   - sums: whether the CRC-32 of the output is wanted.
  ///   - limit: the most that may come out.
  static func decode<C: Codec & ~Copyable>(
    _ source: Source, from offset: ByteOffset, with codec: consuming C, prefix: [UInt8] = [],
    collect: Int, sums: Bool = true, limit: UInt64
  ) throws -> Decoding {
    var run = DecodingRun(codec, collect: collect, sums: sums, limit: limit)
    if !prefix.isEmpty { run.feedPrefix(prefix) }
    var position = offset
    var piece = Self.firstPiece
    while run.end == nil, position < source.range.upperBound {
      let rest = (position..<source.range.upperBound).length
      let count = min(rest, piece)
      try source.withBytes(in: position..<position.advancedClamped(by: count)) { run.feed($0) }
      position = position.advancedClamped(by: count)
      piece = min(piece.addingClamped(piece), Self.longestPiece)
    }
    return run.result()
  }

  /// Most streams are short, and none needs much at a time.
  private static let firstPiece: ByteCount = 0x4000
  private static let longestPiece: ByteCount = 0x4_0000
}

extension Decoding {
  /// Bytes that are not compressed at all.
  package static func stored(_ source: Source, collect: Int = 0) throws -> Decoding {
    var sum = CRC32()
    var position: ByteOffset = 0
    while position < source.range.upperBound {
      let next = min(position.advancedClamped(by: 0x10_0000), source.range.upperBound)
      try source.withBytes(in: position..<next) { sum.update($0) }
      position = next
    }
    return Decoding(
      end: .complete, consumed: source.length, produced: source.length.rawValue, crc: sum.value,
      output: try source.readPrefix(at: 0, count: ByteCount(clamping: collect)))
  }
}
