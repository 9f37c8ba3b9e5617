// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The volume section of an EWF image: how large the medium is, and its chunks.
///
/// | Offset | Size | Field               | Unit    |
/// |-------:|-----:|---------------------|---------|
/// |   0x00 |    1 | kind of medium      |         |
/// |   0x04 |    4 | chunks              | chunks  |
/// |   0x08 |    4 | size of a chunk     | sectors |
/// |   0x0C |    4 | size of a sector    | bytes   |
/// |   0x10 |    8 | sectors; SMART: 4   | sectors |
/// |   0x24 |    1 | 1 image, 2 physical |         |
/// |   0x34 |    1 | compression         |         |
/// |   0x38 |    4 | error granularity   | sectors |
/// |  0x418 |    4 | Adler-32; SMART: 90 |         |
///
/// - Source: Metz, *Expert Witness Compression Format (EWF)*, §3.5 "Volume section".
struct EWFGeometry: Equatable, Sendable {
  let sectorSize: ByteCount
  let chunkSize: ByteCount
  let chunks: UInt64
  let length: ByteCount

  /// The largest chunk that any tool writes: 32,768 sectors.
  static let largestChunk: ByteCount = 0x100_0000
  static let sectorsPerChunk: UInt64 = 64
  static let size = 1052
  private static let smartSize = 94
  private static let name = "EWF volume section"

  /// A medium of sectors of 512 bytes in chunks of 32 KiB; the last sector is filled up.
  init(length: ByteCount) throws(Overflow) {
    sectorSize = 512
    chunkSize = try sectorSize * Self.sectorsPerChunk
    let sectors = length.rawValue / 512 + (length.rawValue % 512 == 0 ? 0 : 1)
    self.length = try sectorSize * sectors
    chunks = sectors / 64 + (sectors % 64 == 0 ? 0 : 1)
    guard chunks <= UInt64(UInt32.max) else { throw Overflow() }
  }

  init(parsing bytes: [UInt8]) throws {
    let isSMART = bytes.count == Self.smartSize
    let end = isSMART ? Self.smartSize : Self.size
    guard bytes.count >= end, try adler32(bytes[..<(end - 4)]) == bytes.little(at: end - 4) else {
      throw Malformed(Self.name, "its checksum does not hold")
    }
    let perChunk = UInt64(try bytes.little(UInt32.self, at: 0x08))
    sectorSize = ByteCount(UInt64(try bytes.little(UInt32.self, at: 0x0C)))
    guard sectorSize.rawValue.nonzeroBitCount == 1, (512...65_536).contains(sectorSize) else {
      throw Malformed(Self.name, "a sector of \(sectorSize.rawValue) bytes", at: 0x0C)
    }
    chunkSize = try sectorSize * perChunk
    guard perChunk > 0, chunkSize <= Self.largestChunk else {
      throw Malformed(Self.name, "a chunk of \(perChunk) sectors", at: 0x08)
    }
    let sectors =
      isSMART
      ? UInt64(try bytes.little(UInt32.self, at: 0x10)) : try bytes.little(UInt64.self, at: 0x10)
    length = try sectorSize * sectors
    guard length.rawValue <= UInt64(Int64.max), length > 0 else {
      throw Malformed(Self.name, "a medium of \(sectors) sectors", at: 0x10)
    }
    chunks = (sectors - 1) / perChunk + 1
  }

  /// The section as a tool writes it for a whole disk.
  func bytes(_ compression: EWFSettings.Compression) -> [UInt8] {
    var bytes: [UInt8] = [1, 0, 0, 0]
    bytes.append(little: UInt32(clamping: chunks))
    bytes.append(little: UInt32(Self.sectorsPerChunk))
    bytes.append(little: UInt32(512))
    bytes.append(little: length.rawValue / 512)
    bytes += [UInt8](repeating: 0, count: 12) + [3, 0, 0, 0]
    bytes += [UInt8](repeating: 0, count: 12) + [compression.mark, 0, 0, 0]
    bytes.append(little: UInt32(1))
    bytes += [UInt8](repeating: 0, count: Self.size - 4 - bytes.count)
    bytes.append(little: adler32(bytes))
    return bytes
  }
}
