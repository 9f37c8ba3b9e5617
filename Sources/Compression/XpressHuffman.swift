// SPDX-License-Identifier: Apache-2.0

import Bytes

extension Decoding {
  /// Decompresses XPRESS Huffman data, which has no length of its own: all `size` bytes, which the
  /// caller has capped, are kept.
  ///
  /// Every 65,536 bytes of output have 256 bytes in front with the lengths of 512 codes: 256 literals,
  /// then matches by the bits of their distance and their length. Codes are read from words of 16 bits,
  /// of which two are always read ahead; long lengths stand between them.
  ///
  /// - Source: Microsoft, *[MS-XCA] Xpress Compression Algorithm*, §2.1 and §2.2.
  package static func xpressHuffman(_ bytes: [UInt8], size: Int) -> Decoding {
    var decoder = XpressHuffman(bytes, size: size)
    return decoder.run()
  }
}

/// The codes of one block, of at most 15 bits.
package struct XpressCodes {
  package static let byteCount = 256
  fileprivate let code: HuffmanCode

  /// Nil where the lengths are not those of a complete code.
  package init?(_ lengths: [UInt8]) {
    guard lengths.count == Self.byteCount, lengths.contains(where: { $0 != 0 }),
      let code = HuffmanCode(lengths: lengths.flatMap { [$0 & 15, $0 >> 4] })
    else { return nil }
    self.code = code
  }
}

/// The decoder at work.
private struct XpressHuffman {
  private static let blockSize = 0x1_0000
  private static let endSymbol = 256

  private let bytes: [UInt8]
  private let size: Int
  private var output: [UInt8] = []
  private var position = 0
  /// The bits that come next, the first one on top; at least 16 of them are of the stream.
  private var bits: UInt32 = 0
  private var spare = 0

  init(_ bytes: [UInt8], size: Int) {
    self.bytes = bytes
    self.size = size
  }

  private enum Problem: Error { case corrupt }

  mutating func run() -> Decoding {
    do {
      while output.count < size { try block() }
      return result(.complete)
    } catch is Problem {
      return result(.corrupt)
    } catch {
      return result(.truncated)
    }
  }

  private func result(_ end: Decoding.End) -> Decoding {
    Decoding(
      end: end, consumed: ByteCount(clamping: min(position, bytes.count)),
      produced: UInt64(clamping: output.count), crc: 0, output: output)
  }

  private mutating func block() throws {
    let lengths = try bytes.copy(at: position, count: XpressCodes.byteCount)
    guard let codes = XpressCodes(lengths) else { throw Problem.corrupt }
    position += XpressCodes.byteCount
    let first = UInt32(try word())
    bits = first << 16 | UInt32(try word())
    spare = 16
    let stop = output.count + Self.blockSize
    while output.count < min(stop, size) {
      let symbol = try symbol(codes)
      if symbol < 256 {
        output.append(UInt8(truncatingIfNeeded: symbol))
      } else {
        try match(symbol)
      }
    }
    guard output.count <= size else { throw Problem.corrupt }
    guard output.count == size else { return }
    // A symbol of its own ends the data, unless they fill their last block.
    if let (symbol, length) = codes.code.symbol(bits >> 16), symbol == Self.endSymbol {
      try drop(length)
    } else if size % Self.blockSize != 0 {
      throw Problem.corrupt
    }
  }

  private mutating func symbol(_ codes: XpressCodes) throws -> Int {
    guard let (symbol, length) = codes.code.symbol(bits >> 16) else { throw Problem.corrupt }
    try drop(length)
    return symbol
  }

  private mutating func match(_ symbol: Int) throws {
    var length = symbol & 15
    let distanceBits = (symbol - 256) >> 4
    if length == 15 {
      length = Int(try byte())
      if length == 255 {
        length = Int(try word())
        if length == 0 { length = Int(try word()) | Int(try word()) << 16 }
        guard length >= 15 else { throw Problem.corrupt }
        length -= 15
      }
      length += 15
    }
    length += 3
    let low = distanceBits == 0 ? 0 : Int(bits >> UInt32(32 - distanceBits))
    try drop(distanceBits)
    let distance = (1 << distanceBits) + low
    guard distance <= output.count, length <= size - output.count else { throw Problem.corrupt }
    let start = output.count - distance
    for index in 0..<length { output.append(output[start + index]) }
  }

  /// Drops bits that were used, at most 15, and fetches another word where fewer than 16 are left.
  private mutating func drop(_ count: Int) throws {
    bits <<= UInt32(count)
    spare -= count
    guard spare < 0 else { return }
    bits |= UInt32(try word()) << UInt32(-spare)
    spare += 16
  }

  private mutating func byte() throws -> UInt8 {
    defer { position += 1 }
    return try bytes.little(UInt8.self, at: position)
  }

  private mutating func word() throws -> UInt16 {
    defer { position += 2 }
    return try bytes.little(UInt16.self, at: position)
  }
}
