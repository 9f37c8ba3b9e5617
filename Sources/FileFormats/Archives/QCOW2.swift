// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// QEMU's disk images: clusters with a count of their uses, found through two levels of tables.
  ///
  /// - Source: QEMU, `docs/interop/qcow2.txt`.
  package static let qcow2 = FileFormat(
    id: "qcow2", name: "QEMU disk image", category: .archive, extensions: ["qcow2", "qcow"],
    validation: .size,
    signatures: [Signature([0x51, 0x46, 0x49, 0xFB, 0, 0, 0])], maximumSize: 0x400_0000_0000,
    resembles: { bytes in
      guard let version = try? bytes.big(UInt32.self, at: 4),
        let bits = try? bytes.big(UInt32.self, at: 20)
      else { return false }
      return (2...3).contains(version) && (9...21).contains(bits)
    }
  ) { file in
    try Examination.walk("qcow2", file) { try QCOW2Walk(file).examination() }
  }
}

/// The walk over an image's counts and tables.
///
/// | Offset | Size | Field               | Unit                                           |
/// |-------:|-----:|---------------------|------------------------------------------------|
/// |   0x14 |    4 | cluster bits        |                                                |
/// |   0x24 |    4 | first level entries |                                                |
/// |   0x28 |    8 | first level         | offset; entries: offset of a cluster of tables |
/// |   0x30 |    8 | counts              | offset; entries: offset of a cluster of counts |
/// |   0x38 |    4 | counts size         | clusters                                       |
/// |   0x60 |    4 | count width         | bits, as a logarithm; version 2: 4             |
private struct QCOW2Walk {
  private static let offsetMask: UInt64 = 0xFF_FFFF_FFFF_FE00
  private static let mostEntries: UInt64 = 0x40_0000
  private static let isCompressed: UInt64 = 1 << 62

  private let file: Source
  private let header: [UInt8]
  private let bits: UInt64
  private let clusterSize: UInt64
  private let countBits: UInt64

  init(_ file: Source) throws {
    self.file = file
    header = try file.read(at: 0, count: 104)
    bits = UInt64(try header.big(UInt32.self, at: 20))
    guard (9...21).contains(bits) else {
      throw Malformed("QCOW2", "its cluster size is none", at: 20)
    }
    clusterSize = 1 << bits
    let isThird = try header.big(UInt32.self, at: 4) == 3
    let order = isThird ? UInt64(try header.big(UInt32.self, at: 96)) : 4
    guard order <= 6 else { throw Malformed("QCOW2", "its counts are none", at: 96) }
    countBits = 1 << order
  }

  func examination() throws -> Examination {
    let last = try lastUsedCluster()
    let start = ByteOffset((try ByteCount(last) * clusterSize).rawValue)
    guard start < file.range.upperBound else { throw Truncated() }
    // Behind the first level, and behind compressed data, the last cluster is not filled up.
    let used = try (firstLevelEnd(in: last) ?? compressedEnd(in: last)).map { ByteOffset($0) }
    let end = try used ?? (start + ByteCount(clusterSize))
    guard end <= file.range.upperBound else { throw Truncated() }
    return Examination.whole(
      "qcow2", "QCOW2", end: end, and: [.payloadUnchecked] + (used == nil ? [] : [.endReasoned]))
  }

  private func table(at offset: UInt64, count: UInt64) throws -> [UInt64] {
    guard count <= Self.mostEntries, offset % clusterSize == 0, offset > 0 else {
      throw Malformed("QCOW2", "a table is none", at: ByteOffset(offset))
    }
    let bytes = try file.read(at: ByteOffset(offset), count: ByteCount(count * 8))
    return try stride(from: 0, to: bytes.count, by: 8).map { try bytes.big(UInt64.self, at: $0) }
  }

  /// The last cluster whose count is not zero.
  private func lastUsedCluster() throws -> UInt64 {
    let counts = try table(
      at: header.big(UInt64.self, at: 48),
      count: UInt64(try header.big(UInt32.self, at: 56)) &* clusterSize / 8)
    let perBlock = clusterSize * 8 / countBits
    var visited: Set<UInt64> = [0]
    for (index, entry) in counts.enumerated().reversed()
    where visited.insert(entry & Self.offsetMask).inserted {
      let block = try file.read(
        at: ByteOffset(entry & Self.offsetMask), count: ByteCount(clusterSize))
      if let byte = block.lastIndex(where: { $0 != 0 }) {
        let inBlock = UInt64(clamping: byte) * 8 / countBits
        // Counts of less than a byte: the highest of those in it.
        let high = countBits < 8 ? UInt64(7 - block[byte].leadingZeroBitCount) / countBits : 0
        return UInt64(clamping: index) * perBlock + inBlock + high
      }
    }
    throw Malformed("QCOW2", "nothing in it is in use", at: 48)
  }

  /// Where the table of the first level ends in this cluster; nil where it does not.
  private func firstLevelEnd(in cluster: UInt64) throws -> UInt64? {
    let start = try header.big(UInt64.self, at: 40)
    let end = start &+ UInt64(try header.big(UInt32.self, at: 36)) * 8
    return end > start && (end - 1) / clusterSize == cluster ? end : nil
  }

  /// Where compressed data end in this cluster; nil where it holds anything else.
  private func compressedEnd(in cluster: UInt64) throws -> UInt64? {
    let first = try table(
      at: header.big(UInt64.self, at: 40), count: UInt64(try header.big(UInt32.self, at: 36)))
    let shift = 62 - (bits - 8)
    var end: UInt64?
    var visited: Set<UInt64> = [0]
    for entry in first where visited.insert(entry & Self.offsetMask).inserted {
      for item in try table(at: entry & Self.offsetMask, count: clusterSize / 8)
      where item & Self.isCompressed != 0 {
        let start = item & ((1 << shift) - 1)
        let sectors = (item & (Self.isCompressed - 1)) >> shift
        let stop = (start & ~511) &+ (sectors + 1) * 512
        if (stop - 1) / clusterSize == cluster { end = max(end ?? 0, stop) }
      }
    }
    return end
  }
}
