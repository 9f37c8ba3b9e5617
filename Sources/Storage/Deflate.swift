// SPDX-License-Identifier: Apache-2.0

import Bytes
import CDeflate

/// Packs zlib streams (RFC 1950). Not to be shared by threads at the same time.
// SAFETY: whoever holds one uses it alone; libdeflate keeps no state elsewhere.
@safe final class Deflater: @unchecked Sendable {
  private let compressor: OpaquePointer?

  /// - Parameter level: 1 (fast) to 12 (best).
  init(level: Int32) { unsafe compressor = libdeflate_alloc_compressor(level) }

  /// Packs `bytes` into `target` and returns the length of the stream; nil where it does not fit.
  func pack(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int? {
    guard let compressor = unsafe compressor else { return nil }
    // SAFETY: libdeflate reads and writes no more than the counts say.
    let count = unsafe libdeflate_zlib_compress(
      compressor, bytes.baseAddress, bytes.count, target.baseAddress, target.count)
    return count > 0 ? count : nil
  }

  /// The packed stream of bytes in memory; nil where memory is short.
  func pack(_ bytes: [UInt8]) -> [UInt8]? {
    let room = bytes.count + 1024
    var packed = [UInt8](repeating: 0, count: room)
    let count = unsafe bytes.withUnsafeBytes { from in
      unsafe packed.withUnsafeMutableBytes { unsafe pack(from, into: $0) }
    }
    return count.map { Array(packed.prefix($0)) }
  }

  deinit { unsafe libdeflate_free_compressor(compressor) }
}

/// Unpacks zlib streams into memory of a known size. Not to be shared by threads at the same time.
// SAFETY: as for `Deflater`.
@safe final class Inflater: @unchecked Sendable {
  private let decompressor: OpaquePointer?

  init() { unsafe decompressor = libdeflate_alloc_decompressor() }

  /// Unpacks `bytes`, checks their Adler-32, and returns how much came; nil where they are damaged
  /// or hold more than fits.
  func unpack(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int? {
    guard let decompressor = unsafe decompressor else { return nil }
    var used = 0
    var got = 0
    // SAFETY: libdeflate reads and writes no more than the counts say.
    let result = unsafe libdeflate_zlib_decompress_ex(
      decompressor, bytes.baseAddress, bytes.count, target.baseAddress, target.count, &used, &got)
    return result == LIBDEFLATE_SUCCESS ? got : nil
  }

  /// Unpacks bytes in memory; nil where they are damaged or hold more than `limit`.
  func unpack(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    var target = [UInt8](repeating: 0, count: limit)
    let count = unsafe bytes.withUnsafeBytes { from in
      unsafe target.withUnsafeMutableBytes { unsafe unpack(from, into: $0) }
    }
    return count.map { Array(target.prefix($0)) }
  }

  deinit { unsafe libdeflate_free_decompressor(decompressor) }
}

/// The Adler-32 of bytes, as fast as the processor does it.
func adler32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
  // SAFETY: libdeflate reads exactly `count` bytes.
  unsafe libdeflate_adler32(1, bytes.baseAddress, bytes.count)
}

func adler32(_ bytes: some Collection<UInt8>) -> UInt32 {
  let bytes = Array(bytes)
  return unsafe bytes.withUnsafeBytes { unsafe adler32($0) }
}
