// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import SignatureScan

extension FileFormat {
  /// Hyper-V's disk images: two headers, two tables of regions, each with its CRC-32C; the regions
  /// hold a log, metadata and the table of blocks.
  ///
  /// - Source: Microsoft, *[MS-VHDX] Virtual Hard Disk v2 File Format*, §2.2 "Header Section", §2.5
  ///   "BAT", §2.6 "Metadata Region".
  package static let vhdx = FileFormat(
    id: "vhdx", name: "Hyper-V disk image", category: .archive, extensions: ["vhdx", "avhdx"],
    validation: .size,
    signatures: [Signature("vhdxfile")], maximumSize: 0x400_0000_0000,
    resembles: { bytes in
      bytes.byteCount < 0x1_0004 || bytes.holds(Array("head".utf8), at: 0x1_0000)
    }
  ) { file in
    try Examination.walk("vhdx", file) { try VHDXWalk(file).examination() }
  }
}

/// The walk over an image's regions and blocks.
///
/// | Offset  | Size | Field    | Unit                                                       |
/// |--------:|-----:|----------|------------------------------------------------------------|
/// | 0x10000 |    4 | `head`   | header; again at 0x20000; CRC-32C at 4 over 4096 bytes     |
/// |    +0x44 |   4 | log size | bytes; its offset follows                                  |
/// | 0x30000 |    4 | `regi`   | table; again at 0x40000; CRC-32C at 4 over 64 KiB          |
/// |    +0x08 |   4 | count    | entries of 32 bytes from 0x10 on: GUID, offset, length     |
///
/// Entries of the table of blocks: bits 0 to 2 state (6, 7: there), from bit 20 on MiB.
private struct VHDXWalk {
  private static let megabyte: UInt64 = 0x10_0000
  private static let blocksID: [UInt8] = [0x66, 0x77, 0xC2, 0x2D]
  private static let metadataID: [UInt8] = [0x06, 0xA2, 0x7C, 0x8B]
  private static let parametersID: [UInt8] = [0x37, 0x67, 0xA1, 0xCA]
  private static let sectorSizeID: [UInt8] = [0x1D, 0xBF, 0x41, 0x81]
  private static let mostEntries: UInt64 = 0x100_0000

  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    guard let header = try structure("head", at: [0x1_0000, 0x2_0000], count: 0x1000),
      let table = try structure("regi", at: [0x3_0000, 0x4_0000], count: 0x1_0000)
    else { throw Malformed("VHDX", "no header holds its checksum", at: 0x1_0000) }
    let log = UInt64(try header.little(UInt32.self, at: 68))
    var end = try ByteOffset(header.little(UInt64.self, at: 72)) + ByteCount(log)
    var (blocks, metadata): (Range<ByteOffset>?, Range<ByteOffset>?)
    for index in 0..<min(Int(try table.little(UInt32.self, at: 8)), 2047) {
      let entry = 16 + 32 * index
      let region = try Range(
        at: ByteOffset(table.little(UInt64.self, at: entry + 16)),
        count: ByteCount(UInt64(table.little(UInt32.self, at: entry + 24))))
      end = max(end, region.upperBound)
      if table.holds(Self.blocksID, at: entry) { blocks = region }
      if table.holds(Self.metadataID, at: entry) { metadata = region }
    }
    guard let blocks, let metadata else {
      throw Malformed("VHDX", "a region is missing", at: 0x3_0000)
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    end = max(end, try blocksEnd(blocks, try parameters(metadata)))
    guard end <= file.range.upperBound else { throw Truncated() }
    return Examination.whole("vhdx", "VHDX", end: end, and: [.payloadUnchecked])
  }

  /// The first of two copies whose checksum holds, or of headers the later one.
  private func structure(_ name: String, at places: [ByteOffset], count: ByteCount) throws
    -> [UInt8]?
  {
    var best: [UInt8]?
    for place in places {
      let bytes = try file.read(at: place, count: count)
      guard bytes.holds(Array(name.utf8), at: 0) else { continue }
      var crc = CRC32(.castagnoli)
      crc.update(Array(bytes[..<4]) + [0, 0, 0, 0] + Array(bytes[8...]))
      guard try crc.value == bytes.little(UInt32.self, at: 4) else { continue }
      if let other = best,
        try other.little(UInt64.self, at: 8) >= bytes.little(UInt64.self, at: 8) || name == "regi"
      {
        continue
      }
      best = bytes
    }
    return best
  }

  private func parameters(_ region: Range<ByteOffset>) throws -> (block: UInt64, sector: UInt64) {
    let bytes = try file.read(at: region.lowerBound, count: min(region.length, 0x10_0000))
    guard bytes.holds(Array("metadata".utf8), at: 0) else {
      throw Malformed("VHDX", "its metadata are none", at: region.lowerBound)
    }
    var (block, sector): (UInt64, UInt64) = (0, 0)
    for index in 0..<min(Int(try bytes.little(UInt16.self, at: 10)), 1023) {
      let entry = 32 + 32 * index
      let at = Int(try bytes.little(UInt32.self, at: entry + 16))
      guard at + 4 <= bytes.count else { continue }
      if bytes.holds(Self.parametersID, at: entry) {
        block = UInt64(try bytes.little(UInt32.self, at: at))
      } else if bytes.holds(Self.sectorSizeID, at: entry) {
        sector = UInt64(try bytes.little(UInt32.self, at: at))
      }
    }
    guard block >= Self.megabyte, block.nonzeroBitCount == 1, [512, 4096].contains(sector) else {
      throw Malformed("VHDX", "its block size is none", at: region.lowerBound)
    }
    return (block, sector)
  }

  /// Where the last block ends; among those of the disk stand bitmaps of one MiB each.
  private func blocksEnd(
    _ table: Range<ByteOffset>, _ sizes: (block: UInt64, sector: UInt64)
  ) throws -> ByteOffset {
    let ratio = (1 << 23) * sizes.sector / sizes.block
    var (end, index): (UInt64, UInt64) = (0, 0)
    var at = table.lowerBound
    let stop = min(table.upperBound, at.advancedClamped(by: ByteCount(Self.mostEntries * 8)))
    while at < stop {
      let next = min(stop, at.advancedClamped(by: 0x1_0000))
      let entries = try file.read(at: at, count: (at..<next).length)
      for place in stride(from: 0, to: entries.count & ~7, by: 8) {
        let entry = try entries.little(UInt64.self, at: place)
        let isBitmap = index % (ratio + 1) == ratio
        index += 1
        guard entry & 7 >= 6, entry >> 20 > 0 else { continue }
        end = max(end, (entry & ~0xF_FFFF) &+ (isBitmap ? Self.megabyte : sizes.block))
      }
      at = next
    }
    return ByteOffset(end)
  }
}
