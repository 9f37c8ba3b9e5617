// SPDX-License-Identifier: Apache-2.0

import Bytes
import CLZMA

extension Decoding {
  /// A container that liblzma knows.
  package enum LZMAWrapper: Sendable {
    /// One xz stream: liblzma checks its header, blocks, index and footer.
    case xz
    /// The 13 bytes of a .lzma file, then LZMA.
    case alone
    /// LZMA without a header: its properties byte, its window, its size (nil: it has an end mark).
    case lzma(properties: UInt8, window: UInt32, size: UInt64?)
    /// LZMA2 chunks without a header, with a window of this size; of x86 code, put right (`isCode`).
    case lzma2(window: UInt32, isCode: Bool = false)
    /// x86 code, put right, in LZMA without a header.
    case lzmaCode(properties: UInt8, window: UInt32, size: UInt64)
  }

  /// Decompresses from `offset` on; nothing but the first `collect` bytes is kept.
  ///
  /// Throws `ReadError` only.
  package static func lzma(
    _ source: Source, from offset: ByteOffset, wrapper: LZMAWrapper, collect: Int = 0,
    sums: Bool = false, limit: UInt64
  ) throws -> Decoding {
    var prefix: [UInt8] = []
    if case .lzma(let properties, let window, let size) = wrapper {
      // liblzma wants the header of a .lzma file in front, and a window of at least 4 KiB.
      prefix = [properties] + littleBytes(UInt64(max(window, 4096)), 4)
      prefix += littleBytes(size ?? .max, 8)
    }
    return try decode(
      source, from: offset, with: LZMACodec(wrapper), prefix: prefix, collect: collect, sums: sums,
      limit: limit)
  }

  private static func littleBytes(_ value: UInt64, _ count: UInt64) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

/// liblzma's state.
@safe private struct LZMACodec: Codec, ~Copyable {
  private let stream: UnsafeMutablePointer<lzma_stream>
  private let isReady: Bool

  init(_ wrapper: Decoding.LZMAWrapper) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: lzma_stream())
    // SAFETY: the stream is zeroed and stays where it is until `lzma_end`.
    isReady =
      switch wrapper {
      case .xz: unsafe lzma_stream_decoder(stream, Decoding.mostMemory, 0) == LZMA_OK
      case .alone, .lzma: unsafe lzma_alone_decoder(stream, Decoding.mostMemory) == LZMA_OK
      case .lzma2(let window, let isCode):
        unsafe UInt64(window) <= Decoding.mostMemory
          && renflou_lzma2_decoder(stream, window, isCode ? 1 : 0) == LZMA_OK
      case .lzmaCode(let properties, let window, let size):
        unsafe UInt64(window) <= Decoding.mostMemory
          && renflou_lzma_code_decoder(stream, window, properties, size) == LZMA_OK
      }
  }

  mutating func step(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> CodecStep {
    guard isReady else { return CodecStep(taken: 0, made: 0, status: .notHandled) }
    // SAFETY: liblzma reads `avail_in` bytes of the input, only within this call, and writes at most
    // `avail_out` bytes of the output.
    unsafe stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_in = input.count
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = output.count
    let status: CodecStep.Status =
      switch unsafe lzma_code(stream, LZMA_RUN) {
      case LZMA_STREAM_END: .ended
      case LZMA_OK, LZMA_BUF_ERROR: .goesOn
      case LZMA_MEMLIMIT_ERROR, LZMA_MEM_ERROR, LZMA_OPTIONS_ERROR: .notHandled
      default: .corrupt
      }
    return unsafe CodecStep(
      taken: input.count - stream.pointee.avail_in,
      made: output.count - stream.pointee.avail_out, status: status)
  }

  deinit {
    // SAFETY: allocated and initialised in `init`.
    unsafe lzma_end(stream)
    unsafe stream.deallocate()
  }
}
