// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over a volume's descriptors and directories.
///
/// Primary volume descriptor, at sector 16:
///
/// | Offset | Size | Field          | Unit                                    |
/// |-------:|-----:|----------------|-----------------------------------------|
/// |   0x28 |   32 | label          |                                         |
/// |   0x50 |    8 | volume size    | blocks; little-endian, then big-endian  |
/// |   0x80 |    4 | block size     | bytes; little-endian, then big-endian   |
/// |   0x9C |   34 | root directory | a directory record                      |
/// |  0x32D |   17 | created        | digits, then quarters of hours to UTC   |
///
/// - Source: ECMA-119, §8.4 "Primary Volume Descriptor", §9.1 "Directory Record".
struct ISOImageWalk {
  private static let mostDirectories = 5000
  private static let longestTree: UInt64 = 0x400_0000
  private static let longestDirectory: UInt64 = 0x40_0000

  private let file: Source
  private let descriptor: [UInt8]
  private let blockSize: UInt64
  private let blocks: UInt64

  init(_ file: Source) throws {
    self.file = file
    descriptor = try file.read(at: 0x8000, count: 2048)
    blockSize = UInt64(try descriptor.little(UInt16.self, at: 0x80))
    blocks = UInt64(try descriptor.little(UInt32.self, at: 0x50))
    guard try descriptor.big(UInt16.self, at: 0x82) == blockSize,
      try descriptor.big(UInt32.self, at: 0x54) == blocks,
      [512, 1024, 2048].contains(blockSize), blocks > 16, descriptor[0x9C] >= 34
    else { throw Malformed("ISO 9660", "its volume descriptor is wrong", at: 0x8000) }
  }

  func examination() throws -> Examination {
    var end = ByteOffset(blocks &* blockSize)
    // A UDF file system may share the image, and reach further.
    end = max(end, try UDFVolume(file).end(after: end))
    end = max(end, try partitionsEnd(volume: end))
    guard end <= file.range.upperBound else {
      return .truncated(at: file.range.upperBound, evidence: [.headerMatched("iso")])
    }
    try walkDirectories()
    var result = Examination.whole("iso", "ISO 9660", end: end, and: [.payloadUnchecked])
    result.name = ContentText.text(descriptor[0x28..<0x48])
    result.date = created
    return result
  }

  private var created: Timestamp? {
    let digits = descriptor[0x32D..<0x33B].map { Int($0) - 0x30 }
    guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
    func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
    let zone = Int64(Int8(bitPattern: descriptor[0x33D]))
    guard
      let local = Timestamp(
        year: number(0..<4), month: number(4..<6), day: number(6..<8), hour: number(8..<10),
        minute: number(10..<12), second: number(12..<14)), (-48...52).contains(zone)
    else { return nil }
    return Timestamp(nanoseconds: local.nanoseconds &- zone * 900 * 1_000_000_000)
  }

  /// Goes through the directory tree: each directory must begin with a record of itself.
  private func walkDirectories() throws {
    var queue = [try ISODirectoryRecord(descriptor, at: 0x9C)]
    var visited: Set<UInt32> = [queue[0].block]
    var read: UInt64 = 0
    while let directory = queue.popLast(), visited.count < Self.mostDirectories,
      read < Self.longestTree
    {
      let start = ByteOffset(UInt64(directory.block) &* blockSize)
      let size = min(UInt64(directory.size), Self.longestDirectory)
      guard start.rawValue &+ size <= blocks &* blockSize else {
        throw Malformed("ISO 9660", "a directory lies outside", at: start)
      }
      read += size
      let bytes = try file.read(at: start, count: ByteCount(size))
      let own = try ISODirectoryRecord(bytes, at: 0)
      guard own.block == directory.block, own.isDirectory else {
        throw Malformed("ISO 9660", "a directory is none", at: start)
      }
      var at = own.length
      while at < bytes.count {
        guard bytes[at] > 0 else {
          at = (at / 2048 + 1) * 2048
          continue
        }
        let record = try ISODirectoryRecord(bytes, at: at)
        if record.isDirectory, !record.isSpecial, record.size > 0,
          visited.insert(record.block).inserted
        {
          queue.append(record)
        }
        at += record.length
      }
    }
  }

  /// Where the partitions of a table in the first sectors end, for images that also start from a
  /// stick; the start where there are none.
  private func partitionsEnd(volume: ByteOffset) throws -> ByteOffset {
    let head = try file.read(at: 0, count: 1024)
    guard head.holds([0x55, 0xAA], at: 510) else { return 0 }
    var end: UInt64 = 0
    for entry in stride(from: 446, to: 510, by: 16) {
      guard head[entry] & 0x7F == 0 else { return 0 }
      let start = UInt64(try head.little(UInt32.self, at: entry + 8))
      let count = UInt64(try head.little(UInt32.self, at: entry + 12))
      if head[entry + 4] != 0, count > 0 { end = max(end, (start + count) * 512) }
    }
    if head.holds(Array("EFI PART".utf8), at: 512) {
      let last = try head.little(UInt64.self, at: 512 + 32)
      if last < 1 << 40 { end = max(end, (last + 1) * 512) }
    }
    // Boot code without a table has anything there.
    return end / 4 <= volume.rawValue ? ByteOffset(end) : 0
  }
}
