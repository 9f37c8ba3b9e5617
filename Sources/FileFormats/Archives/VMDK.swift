// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// VMware's disk images that grow: grains of the disk, found through tables; in those made to be
  /// sent, compressed grains and markers up to one that ends them.
  ///
  /// - Source: VMware, *Virtual Disk Format 5.0*, "Hosted Sparse Extents", "Stream-Optimized
  ///   Compressed Sparse Extents".
  package static let vmdk = FileFormat(
    id: "vmdk", name: "VMware disk image", category: .archive, validation: .size,
    signatures: [Signature("KDMV")], maximumSize: 0x400_0000_0000,
    resembles: { bytes in
      guard let version = try? bytes.little(UInt32.self, at: 4),
        let entries = try? bytes.little(UInt32.self, at: 44)
      else { return false }
      return (1...3).contains(version) && entries == 512
        && bytes.holds([0x0A, 0x20, 0x0D, 0x0A], at: 73)
    }
  ) { file in
    try Examination.walk("vmdk", file) {
      var walk = try VMDKWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over an image's grains.
///
/// | Offset | Size | Field            | Unit                                              |
/// |-------:|-----:|------------------|---------------------------------------------------|
/// |   0x08 |    4 | flags            | bit 16: compressed, bit 17: markers               |
/// |   0x0C |    8 | capacity         | sectors of 512 bytes                              |
/// |   0x14 |    8 | grain size       | sectors                                           |
/// |   0x1C |    8 | descriptor       | sector where its text starts                      |
/// |   0x24 |    8 | descriptor size  | sectors                                           |
/// |   0x38 |    8 | directory        | sector of the table of tables                     |
/// |   0x40 |    8 | overhead         | sectors before the first grain                    |
private struct VMDKWalk {
  private static let sector: UInt64 = 512
  private static let entries: UInt64 = 512
  private static let mostTables: UInt64 = 0x10_0000
  private static let longestGrain: UInt64 = 0x400_0000

  private let file: Source
  private let header: [UInt8]
  private let capacity: UInt64
  private let grainSize: UInt64

  init(_ file: Source) throws {
    self.file = file
    header = try file.read(at: 0, count: 512)
    capacity = try header.little(UInt64.self, at: 12)
    grainSize = try header.little(UInt64.self, at: 20)
    guard (1...0x1_0000).contains(grainSize), capacity > 0, capacity < 1 << 44 else {
      throw Malformed("VMDK", "its sizes are none")
    }
  }

  mutating func examination() throws -> Examination {
    var result =
      try header.little(UInt32.self, at: 8) >> 16 & 3 == 3 ? try stream() : try extent()
    result.name = try name()
    return result
  }

  /// Where the last grain that a table names ends.
  private func extent() throws -> Examination {
    let tables = try tablesOffsets()
    var last = max(try header.little(UInt64.self, at: 64), 1)
    var visited: Set<UInt64> = []
    for table in tables where table > 0 {
      guard visited.insert(table).inserted else { continue }
      let at = try offset(of: table)
      let grains = try file.read(at: at, count: ByteCount(Self.entries * 4))
      last = max(last, table + 4)
      for index in stride(from: 0, to: grains.count, by: 4) {
        let grain = UInt64(try grains.little(UInt32.self, at: index))
        if grain > 1 { last = max(last, grain + grainSize) }
      }
    }
    let end = try offset(of: last)
    guard end <= file.range.upperBound else { throw Truncated() }
    return Examination.whole("vmdk", "VMDK", end: end, and: [.payloadUnchecked])
  }

  private func offset(of sector: UInt64) throws -> ByteOffset {
    ByteOffset((try ByteCount(sector) * Self.sector).rawValue)
  }

  /// The sectors of the tables, from the directory.
  private func tablesOffsets() throws -> [UInt64] {
    let span = grainSize * Self.entries
    let count = (capacity + span - 1) / span
    guard count <= Self.mostTables else { throw Malformed("VMDK", "it has too many tables") }
    let directory = try offset(of: header.little(UInt64.self, at: 56))
    guard directory.rawValue > 0 else { throw Malformed("VMDK", "it has no directory") }
    let bytes = try file.read(at: directory, count: ByteCount(count * 4))
    return try stride(from: 0, to: bytes.count, by: 4).map {
      UInt64(try bytes.little(UInt32.self, at: $0))
    }
  }

  /// Follows grains and markers; each grain is decompressed, and so checked.
  private func stream() throws -> Examination {
    var position = try offset(of: max(header.little(UInt64.self, at: 64), 1))
    var checked: UInt64 = 0
    var hasFooter = false
    while true {
      let marker = try file.read(at: position, count: 16)
      let value = try marker.little(UInt64.self, at: 0)
      let size = UInt64(try marker.little(UInt32.self, at: 8))
      if size > 0 {
        guard value < capacity, size <= Self.longestGrain else { break }
        let grain = try Inflation.inflate(
          file, from: position + 12, wrapper: .zlib, limit: grainSize * Self.sector)
        if grain.end == .truncated { throw Truncated() }
        guard grain.end == .complete, grain.consumed.rawValue <= size else {
          throw Malformed("VMDK", "a grain cannot be decompressed", at: position)
        }
        checked &+= 1
        position = try position + ByteCount((size + 12 + 511) / 512 * 512)
        continue
      }
      let kind = try marker.little(UInt32.self, at: 12)
      position = try position + 512
      if kind == 0, value == 0 {
        guard position <= file.range.upperBound else { throw Truncated() }
        return Examination.whole(
          "vmdk", "VMDK", end: position,
          // Others than VMware leave the footer out, and end with zeros of any number.
          and: [.checksumsHold(count: checked, kind: "Adler-32")]
            + (hasFooter ? [] : [.endReasoned]))
      }
      guard (1...3).contains(kind), value <= Self.mostTables * 4 else { break }
      hasFooter = kind == 3
      position = try position + ByteCount(value * 512)
    }
    throw Malformed("VMDK", "no grain starts here", at: position)
  }

  /// The file name in the descriptor's line for the extent, as in `RW 8 SPARSE "disk.vmdk"`.
  private func name() throws -> String? {
    let start = try header.little(UInt64.self, at: 28)
    let size = try header.little(UInt64.self, at: 36)
    guard start > 0, (1...64).contains(size) else { return nil }
    let bytes = try file.readPrefix(at: offset(of: start), count: ByteCount(size * Self.sector))
    for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0 })
    where line.starts(with: Array("RW ".utf8)) || line.starts(with: Array("RDONLY ".utf8)) {
      let parts = line.split(separator: 0x22, omittingEmptySubsequences: false)
      guard parts.count >= 2, let name = ContentText.text(parts[1]) else { return nil }
      return name.hasSuffix(".vmdk") ? String(name.dropLast(5)) : name
    }
    return nil
  }
}
