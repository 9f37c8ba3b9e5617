// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Compression
import Findings

/// Ends pictures whose rest is missing, so that programs show the part that is there.
enum PictureMend {
  /// An end mark behind what is left.
  static func jpeg(_ file: Source) throws -> Mend? {
    guard try !endsWith(file, [0xFF, 0xD9]) else { return nil }
    return Mend(.pictureEnd, kept: file.length, added: [0xFF, 0xD9])
  }

  /// An empty block and the trailer behind what is left.
  static func gif(_ file: Source) throws -> Mend? {
    guard try !endsWith(file, [0, 0x3B]) else { return nil }
    return Mend(.pictureEnd, kept: file.length, added: [0, 0x3B])
  }

  private static func endsWith(_ file: Source, _ bytes: [UInt8]) throws -> Bool {
    guard file.length.rawValue >= UInt64(bytes.count) else { return false }
    return try file.read(
      at: ByteOffset(file.length.rawValue - UInt64(bytes.count)),
      count: ByteCount(clamping: bytes.count)) == bytes
  }

  /// The last chunk gets the length of what is left of it and its checksum; `IEND` follows.
  ///
  /// - Source: W3C, *PNG Specification (Third Edition)*, §5 "Datastream structure".
  static func png(_ file: Source) throws -> Mend? {
    var position: ByteOffset = 8
    var hasData = false
    for _ in 0..<4_000_000 {
      guard let chunk = try? PNGChunk(in: file, at: position), try chunk.checksumHolds(in: file)
      else { break }
      if chunk.type == "IEND" { return nil }
      hasData = hasData || chunk.type == "IDAT"
      position = chunk.end
    }
    let data = position.advancedClamped(by: 8)
    guard data < file.range.upperBound,
      try file.read(at: position.advancedClamped(by: 4), count: 4) == Array("IDAT".utf8)
    else {
      return hasData ? Mend(.pictureEnd, kept: ByteCount(position.rawValue), added: end) : nil
    }
    var checksum = CRC32(.iso)
    var at = position.advancedClamped(by: 4)
    while at < file.range.upperBound {
      let next = min(file.range.upperBound, at.advancedClamped(by: 0x10_0000))
      try file.withBytes(in: at..<next) { checksum.update($0) }
      at = next
    }
    var last = BoxWriter()
    last.put(checksum.value)
    var length = BoxWriter()
    length.put(UInt32(clamping: (data..<file.range.upperBound).length.rawValue))
    var mend = Mend(.pictureEnd, kept: file.length, added: last.bytes + end)
    mend.patches = [(position, length.bytes)]
    return mend
  }

  private static let end: [UInt8] = [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]

  /// How far the picture's data can be decompressed where they are one chunk; nil where they are not.
  static func reachOfPNG(_ file: Source, behind known: ByteCount) throws -> ByteCount? {
    let start = ByteOffset(known)
    guard try file.readPrefix(at: start.advancedClamped(by: 4), count: 4) == Array("IDAT".utf8)
    else { return nil }
    let length = UInt64(try file.big(UInt32.self, at: start))
    let data = start.advancedClamped(by: 8)
    let stop = min(file.range.upperBound, data.advancedClamped(by: ByteCount(length)))
    guard data < stop else { return nil }
    let part = try file.slice(data..<stop)
    // The stream begins with the first chunk of data alone.
    guard
      [0x08, 0x18, 0x28, 0x38, 0x48, 0x58, 0x68, 0x78].contains(try part.little(UInt8.self, at: 0))
    else { return nil }
    let inflated = try Inflation.inflate(part, from: 0, wrapper: .zlib, limit: 1 << 28)
    guard inflated.produced > 0 else { return nil }
    return ByteCount(data.rawValue).addingClamped(inflated.consumed)
  }
}
