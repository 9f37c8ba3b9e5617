// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The compression of NTFS.
///
///     0  u16  length - 3 with this header, in 12 bits; 0x8000: compressed; 0 ends the data
///     then 4,096 bytes as they are, or groups: a byte of flags, then for each bit from the lowest on
///     a byte (0) or a copy (1): u16, distance - 1 in the high bits, length - 3 in the low ones
///
/// The further a chunk has come, the more bits the distance has: from 4 to 12.
///
/// - Source: Microsoft, *[MS-XCA] Xpress Compression Algorithm*, §2.5.
package enum LZNT1 {
  private static let chunkSize = 4096

  /// At most `limit` bytes; nil where the data is broken. A chunk that ends early is filled with zeros.
  package static func unpack(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    var output: [UInt8] = []
    output.reserveCapacity(limit)
    var at = 0
    while output.count < limit, let header = try? bytes.little(UInt16.self, at: at), header != 0 {
      guard header & 0x7000 == 0x3000,
        let chunk = try? bytes.copy(at: at + 2, count: Int(header & 0xFFF) + 1)
      else { return nil }
      let fill = (chunkSize - output.count % chunkSize) % chunkSize
      output += repeatElement(0, count: fill)
      if header & 0x8000 == 0 {
        guard chunk.count <= chunkSize else { return nil }
        output += chunk
      } else {
        guard unpack(chunk: chunk, onto: &output) else { return nil }
      }
      at += 2 + chunk.count
    }
    return Array(output.prefix(limit))
  }

  private static func unpack(chunk: [UInt8], onto output: inout [UInt8]) -> Bool {
    let start = output.count
    var at = 0
    while at < chunk.count {
      let flags = chunk[at]
      at += 1
      for bit in 0..<8 {
        guard at < chunk.count else { break }
        guard flags >> UInt8(bit) & 1 == 1 else {
          output.append(chunk[at])
          at += 1
          continue
        }
        let done = output.count - start
        guard done > 0, let pair = try? chunk.little(UInt16.self, at: at) else { return false }
        at += 2
        var lengthBits = 12
        var reach = done - 1
        while reach >= 16 {
          reach >>= 1
          lengthBits -= 1
        }
        guard lengthBits >= 4 else { return false }
        let distance = Int(pair) >> lengthBits + 1
        let length = Int(pair) & (1 << lengthBits - 1) + 3
        guard distance <= done, done + length <= chunkSize else { return false }
        for _ in 0..<length { output.append(output[output.count - distance]) }
      }
      guard output.count - start <= chunkSize else { return false }
    }
    return true
  }
}
