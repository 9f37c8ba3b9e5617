// SPDX-License-Identifier: Apache-2.0

import Bytes
import CBzip2

extension Decoding {
  /// Decompresses one bzip2 stream from `offset` on; libbz2 checks the CRC of each block and of the
  /// whole.
  ///
  /// Throws `ReadError` only.
  package static func bzip2(
    _ source: Source, from offset: ByteOffset, collect: Int = 0, sums: Bool = false, limit: UInt64
  ) throws -> Decoding {
    try decode(
      source, from: offset, with: Bzip2Codec(), collect: collect, sums: sums, limit: limit)
  }
}

/// libbz2's state.
@safe private struct Bzip2Codec: Codec, ~Copyable {
  private let stream: UnsafeMutablePointer<bz_stream>
  private let isReady: Bool

  init() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: bz_stream())
    // SAFETY: the stream is zeroed and stays where it is until `BZ2_bzDecompressEnd`.
    isReady = unsafe BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK
  }

  mutating func step(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> CodecStep {
    guard isReady else { return CodecStep(taken: 0, made: 0, status: .notHandled) }
    // SAFETY: libbz2 reads `avail_in` bytes of the input, only within this call, and writes at most
    // `avail_out` bytes of the output.
    unsafe stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: CChar.self))
    unsafe stream.pointee.avail_in = UInt32(clamping: input.count)
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
    unsafe stream.pointee.avail_out = UInt32(clamping: output.count)
    let status: CodecStep.Status =
      switch unsafe BZ2_bzDecompress(stream) {
      case BZ_STREAM_END: .ended
      case BZ_OK: .goesOn
      default: .corrupt
      }
    return unsafe CodecStep(
      taken: input.count - Int(stream.pointee.avail_in),
      made: output.count - Int(stream.pointee.avail_out), status: status)
  }

  deinit {
    // SAFETY: allocated and initialised in `init`.
    unsafe BZ2_bzDecompressEnd(stream)
    unsafe stream.deallocate()
  }
}
