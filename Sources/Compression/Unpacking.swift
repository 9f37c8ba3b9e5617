// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Unpacks what file systems compress.
package enum Unpacking {
  /// All of a piece, or throws `Malformed`; zeros stand behind what came out.
  package static func unpack(_ piece: Packed, _ stored: [UInt8]) throws -> [UInt8] {
    let length = try piece.length.inMemory(limit: Int(clamping: Packed.longest.rawValue))
    guard var bytes = try output(piece.method, stored, length: length) else {
      throw Malformed("compressed piece", "it does not unpack")
    }
    bytes += [UInt8](repeating: 0, count: max(0, length - bytes.count))
    return bytes
  }

  private static func output(
    _ method: Packed.Method, _ stored: [UInt8], length: Int
  ) throws -> [UInt8]? {
    let source = Source(bytes: stored)
    let limit = UInt64(clamping: length)
    switch method {
    case .zlib:
      let decoding = try Decoding.inflate(
        source, from: 0, wrapper: .zlib, collect: length, limit: limit)
      return decoding.end == .complete ? decoding.output : nil
    case .zstandard:
      let decoding = try Decoding.zstandard(source, from: 0, collect: length, limit: limit)
      return decoding.end == .complete ? decoding.output : nil
    case .lzo(let sectorSize):
      return segments(stored, sectorSize: Int(clamping: sectorSize), length: length)
    case .lznt1: return LZNT1.unpack(stored, limit: length)
    case .xpressHuffman:
      let decoding = Decoding.xpressHuffman(stored, size: length)
      return decoding.end == .complete ? decoding.output : nil
    case .lzx: return LZX.unpack(stored, size: length)
    }
  }

  /// LZO in the frame of Btrfs.
  ///
  ///     0  u32  length of all, with this   then for each sector of the file:
  ///     0  u32  length of a segment        4  LZO1X stream
  ///
  /// A segment's length never crosses the end of a sector: there zeros fill up, and it follows behind.
  ///
  /// - Source: Linux, fs/btrfs/lzo.c.
  private static func segments(_ stored: [UInt8], sectorSize: Int, length: Int) -> [UInt8]? {
    guard (4096...0x1_0000).contains(sectorSize), let all = try? stored.little(UInt32.self, at: 0),
      Int(clamping: all) <= stored.count
    else { return nil }
    var output: [UInt8] = []
    output.reserveCapacity(length)
    var at = 4
    while at < Int(clamping: all), output.count < length {
      let room = sectorSize - at % sectorSize
      if room < 4 { at += room }
      guard let count = try? stored.little(UInt32.self, at: at),
        let stream = try? stored.copy(at: at + 4, count: Int(clamping: count)),
        let segment = LZO1X.unpack(stream, limit: sectorSize)
      else { return nil }
      output += segment.prefix(length - output.count)
      at += 4 + stream.count
    }
    return output
  }
}
