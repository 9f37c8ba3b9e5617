// SPDX-License-Identifier: Apache-2.0

import Bytes
import CZlib

/// What decompressing a deflate stream showed.
package typealias Inflation = Decoding

extension Decoding {
  package enum Wrapper: Sendable {
    case raw, zlib
  }

  /// Decompresses a deflate stream from `offset` on; nothing but the first `collect` bytes is kept.
  ///
  /// Throws `ReadError` only.
  ///
  /// - Parameter limit: the most that may come out.
  package static func inflate(
    _ source: Source, from offset: ByteOffset, wrapper: Wrapper = .raw, collect: Int = 0,
    limit: UInt64
  ) throws -> Decoding {
    try decode(
      source, from: offset, with: DeflateCodec(wrapper), collect: collect, limit: limit)
  }
}

/// zlib's state.
@safe private struct DeflateCodec: Codec, ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>
  private let isReady: Bool

  init(_ wrapper: Decoding.Wrapper) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // SAFETY: the stream is zeroed and stays where it is until `inflateEnd`.
    isReady = unsafe renflou_inflate_init(stream, wrapper == .raw ? -15 : 15) == Z_OK
  }

  mutating func step(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> CodecStep {
    guard isReady else { return CodecStep(taken: 0, made: 0, status: .notHandled) }
    // SAFETY: zlib reads `avail_in` bytes of the input, only within this call, and writes at most
    // `avail_out` bytes of the output.
    unsafe stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self))
    unsafe stream.pointee.avail_in = uInt(clamping: input.count)
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: Bytef.self)
    unsafe stream.pointee.avail_out = uInt(clamping: output.count)
    let status: CodecStep.Status =
      switch unsafe CZlib.inflate(stream, Z_NO_FLUSH) {
      case Z_STREAM_END: .ended
      // Z_BUF_ERROR: no room for progress, all of the input was taken.
      case Z_OK, Z_BUF_ERROR: .goesOn
      default: .corrupt
      }
    return unsafe CodecStep(
      taken: input.count - Int(stream.pointee.avail_in),
      made: output.count - Int(stream.pointee.avail_out), status: status)
  }

  deinit {
    // SAFETY: allocated and initialised in `init`.
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }
}

extension Decoding {
  /// The CRC-32 of two runs of bytes joined, by those of each.
  package static func crc32(_ first: UInt32, joining second: UInt32, length: UInt64) -> UInt32 {
    UInt32(
      truncatingIfNeeded: crc32_combine(UInt(first), UInt(second), Int(clamping: length)))
  }
}
