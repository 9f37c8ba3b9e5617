// SPDX-License-Identifier: Apache-2.0

import Bytes
import CZlib
import Checksums

/// What decompressing a deflate stream showed.
package struct Inflation: Sendable {
  package enum End: Sendable, Equatable {
    /// The stream ended where it said so.
    case complete
    /// The bytes at hand ended first.
    case truncated
    /// Somewhere before this many bytes the stream stops being valid.
    case corrupt
    /// More came out than was allowed.
    case tooLong
  }

  package let end: End
  /// Bytes of the stream that were used.
  package let consumed: ByteCount
  /// Bytes that came out.
  package let produced: UInt64
  /// The CRC-32 of all that came out.
  package let crc: UInt32
  /// The first bytes that came out, as many as were asked for.
  package let output: [UInt8]

  package enum Wrapper: Sendable {
    case raw, zlib
  }

  /// Decompresses from `offset` on; nothing but the first `collect` bytes is kept.
  ///
  /// Throws `ReadError` only.
  ///
  /// - Parameter limit: the most that may come out.
  package static func inflate(
    _ source: Source, from offset: ByteOffset, wrapper: Wrapper = .raw, collect: Int = 0,
    limit: UInt64
  ) throws -> Inflation {
    var inflater = Inflater(wrapper: wrapper, collect: collect, limit: limit)
    var position = offset
    var piece = Self.firstPiece
    while inflater.end == nil, position < source.range.upperBound {
      let rest = (position..<source.range.upperBound).length
      let count = min(rest, piece)
      try source.withBytes(in: position..<position.advancedClamped(by: count)) {
        inflater.feed($0)
      }
      position = position.advancedClamped(by: count)
      piece = min(piece.addingClamped(piece), Self.longestPiece)
    }
    return inflater.result()
  }

  /// Most streams are short, and none needs much at a time.
  private static let firstPiece: ByteCount = 0x4000
  private static let longestPiece: ByteCount = 0x4_0000
}

/// zlib's state, and what came out of it.
@safe private struct Inflater: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>
  private let buffer: UnsafeMutableRawBufferPointer
  private let limit: UInt64
  private let collect: Int
  private var checksum = CRC32()
  private var output: [UInt8] = []
  private var produced: UInt64 = 0
  private var consumed: ByteCount = 0
  private(set) var end: Inflation.End?

  init(wrapper: Inflation.Wrapper, collect: Int, limit: UInt64) {
    self.limit = limit
    self.collect = collect
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    unsafe buffer = .allocate(byteCount: 0x1_0000, alignment: 16)
    // SAFETY: the stream is zeroed and stays where it is until `inflateEnd`.
    let status = unsafe renflou_inflate_init(stream, wrapper == .raw ? -15 : 15)
    if status != Z_OK { end = .corrupt }
  }

  mutating func feed(_ bytes: RawSpan) {
    let total = bytes.byteCount
    // SAFETY: zlib reads `avail_in` bytes of the span, only within this call, and writes at most
    // `avail_out` bytes of the buffer.
    unsafe bytes.withUnsafeBytes { input in
      unsafe stream.pointee.next_in = UnsafeMutablePointer(
        mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self))
      unsafe stream.pointee.avail_in = uInt(total)
      while end == nil {
        unsafe stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: Bytef.self)
        unsafe stream.pointee.avail_out = uInt(buffer.count)
        let status = unsafe inflate(stream, Z_NO_FLUSH)
        let count = unsafe buffer.count - Int(stream.pointee.avail_out)
        unsafe take(UnsafeRawBufferPointer(rebasing: buffer[..<count]).bytes)
        switch status {
        case Z_STREAM_END: end = .complete
        case Z_OK:
          if unsafe stream.pointee.avail_in > 0 || count == buffer.count { continue }
        // No room for progress: all of the input was taken.
        case Z_BUF_ERROR: break
        default: end = .corrupt
        }
        break
      }
      consumed = unsafe consumed.addingClamped(
        ByteCount(clamping: total - Int(stream.pointee.avail_in)))
    }
  }

  private mutating func take(_ bytes: RawSpan) {
    checksum.update(bytes)
    produced = produced.addingReportingOverflow(UInt64(bytes.byteCount)).partialValue
    if output.count < collect {
      let count = min(collect - output.count, bytes.byteCount)
      output += (try? bytes.copy(at: 0, count: count)) ?? []
    }
    if produced > limit { end = .tooLong }
  }

  consuming func result() -> Inflation {
    Inflation(
      end: end ?? .truncated, consumed: consumed, produced: produced, crc: checksum.value,
      output: output)
  }

  deinit {
    // SAFETY: allocated and initialised in `init`.
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
    unsafe buffer.deallocate()
  }
}
