// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Glibc

/// A libFuzzer target over the decoders of what file systems compress, where FUZZ_DECODERS is set. The
/// first byte of an input chooses one, two say how much comes out, the rest is the piece.
///
/// What must not happen: a trap, a hang, more bytes than were asked for.
enum DecoderTarget {
  static let isChosen = getenv("FUZZ_DECODERS") != nil

  private static let methods: [Packed.Method] = [
    .lzx, .xpressHuffman, .lznt1, .lzo(sectorSize: 4096), .zlib, .zstandard,
  ]

  static func run(_ input: [UInt8]) {
    guard input.count > 3 else { return }
    let size = Int(input[1]) << 8 | Int(input[2])
    let piece = Packed(
      methods[Int(input[0]) % methods.count], stored: [], length: ByteCount(clamping: size))
    if let bytes = try? Unpacking.unpack(piece, Array(input.dropFirst(3))) {
      precondition(bytes.count == size, "\(piece.method) gives \(bytes.count) of \(size) bytes")
    }
  }
}
