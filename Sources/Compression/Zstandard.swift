// SPDX-License-Identifier: Apache-2.0

import Bytes
import CZstd

extension Decoding {
  /// Decompresses one Zstandard frame from `offset` on; libzstd checks its checksum where it has one.
  ///
  /// Throws `ReadError` only.
  package static func zstandard(
    _ source: Source, from offset: ByteOffset, collect: Int = 0, sums: Bool = false, limit: UInt64
  ) throws -> Decoding {
    try decode(
      source, from: offset, with: ZstandardCodec(), collect: collect, sums: sums, limit: limit)
  }
}

/// libzstd's state.
@safe private struct ZstandardCodec: Codec, ~Copyable {
  private let context: OpaquePointer?
  /// The largest window, as a power of two: what the command takes without being asked.
  private static var mostWindow: CInt { 27 }

  init() {
    // SAFETY: the context is freed in `deinit` alone.
    unsafe context = ZSTD_createDCtx()
    _ = unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.mostWindow)
  }

  mutating func step(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> CodecStep {
    guard unsafe context != nil else { return CodecStep(taken: 0, made: 0, status: .notHandled) }
    // SAFETY: libzstd reads and writes within these buffers, and only within this call.
    var from = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var to = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let rest = unsafe ZSTD_decompressStream(context, &to, &from)
    let status: CodecStep.Status =
      if ZSTD_isError(rest) != 0 {
        ZSTD_getErrorCode(rest) == ZSTD_error_frameParameter_windowTooLarge
          || ZSTD_getErrorCode(rest) == ZSTD_error_dictionary_wrong ? .notHandled : .corrupt
      } else {
        rest == 0 ? .ended : .goesOn
      }
    return unsafe CodecStep(taken: from.pos, made: to.pos, status: status)
  }

  deinit {
    // SAFETY: created in `init`.
    _ = unsafe ZSTD_freeDCtx(context)
  }
}
