// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A piece of a file that a file system compressed: all of it is unpacked, whatever part is wanted.
package struct Packed: Hashable, Sendable {
  package enum Method: Hashable, Sendable {
    case zlib, zstandard
    /// LZO1X in the frame of Btrfs: a length, then segments that each unpack to one sector.
    case lzo(sectorSize: UInt32)
    /// The compression of NTFS.
    case lznt1
    /// XPRESS with Huffman codes: system files of Windows 10.
    case xpressHuffman
    /// LZX in pieces of up to 32 KiB: system files of Windows 10.
    case lzx
  }

  /// The most that one piece may take, packed or not: 1 MiB, eight times what Btrfs writes.
  package static let longest: ByteCount = 0x10_0000

  package let method: Method
  /// Where it lies on the medium, in order.
  package let stored: [Range<ByteOffset>]
  /// Bytes when unpacked; what does not come out reads as zeros.
  package let length: ByteCount
  /// Bytes of the unpacked before the part that is meant.
  package let skipped: ByteCount

  package init(
    _ method: Method, stored: [Range<ByteOffset>], length: ByteCount, skipped: ByteCount = 0
  ) {
    self.method = method
    self.stored = stored
    self.length = length
    self.skipped = skipped
  }

  /// The same piece, of which a later part is meant.
  func skipping(_ count: ByteCount) -> Self {
    Self(method, stored: stored, length: length, skipped: skipped.addingClamped(count))
  }

  /// Unpacks the bytes of a piece to exactly its length, or throws `Malformed`. Handed to a source by
  /// who knows how: `Bytes` knows no codec.
  package typealias Unpacker = @Sendable (_ piece: Packed, _ stored: [UInt8]) throws -> [UInt8]
}

/// The piece that was unpacked last: who reads one reads on in it.
final class UnpackedPiece: Sendable {
  private let last = Mutex<(piece: Packed, bytes: [UInt8])?>(nil)

  /// The bytes of a piece, unpacked by `body` unless it is the last one.
  func bytes(of piece: Packed, _ body: () throws -> [UInt8]) rethrows -> [UInt8] {
    if let known = last.withLock({ last in last?.piece == piece ? last?.bytes : nil }) {
      return known
    }
    let bytes = try body()
    last.withLock { $0 = (piece, bytes) }
    return bytes
  }
}
