// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

/// The header of a GPT: in the second sector of a disk, and again in its last.
///
/// | Offset | Size | Field            | Unit                               |
/// |-------:|-----:|------------------|------------------------------------|
/// |   0x00 |    8 | signature        | "EFI PART"                         |
/// |   0x0C |    4 | header size      | bytes                              |
/// |   0x10 |    4 | header CRC       | over the header, this field zero   |
/// |   0x18 |    8 | own place        | sectors                            |
/// |   0x48 |    8 | entries' place   | sectors                            |
/// |   0x50 |    4 | entry count      |                                    |
/// |   0x54 |    4 | entry size       | bytes, 128 × a power of two        |
/// |   0x58 |    4 | CRC of entries   |                                    |
///
/// Each entry: type GUID (0x00), own GUID (0x10), first (0x20) and last sector (0x28), name in
/// UTF-16 (0x38, 72 bytes).
///
/// - Source: UEFI Specification 2.10, §5.3.2 "GPT Header" and §5.3.3 "GPT Partition Entry Array".
struct GUIDPartitionTable {
  let sectorSize: UInt64
  let entrySize: Int
  /// The array of entries, whose checksum holds.
  let entries: [UInt8]

  /// The primary table, else the backup at the end of the source; nil where neither holds.
  ///
  /// - Parameter isExpected: whether a protective MBR promises a GPT.
  static func read(_ source: Source, isExpected: Bool) -> PartitionTable? {
    for size: UInt64 in [512, 4096] {
      if let table = GUIDPartitionTable(source, sector: 1, sectorSize: size) {
        return table.table(in: source, remark: nil)
      }
    }
    for size: UInt64 in [512, 4096] {
      let sectors = source.length.rawValue / size
      guard sectors > 2 else { continue }
      if let table = GUIDPartitionTable(source, sector: sectors &- 1, sectorSize: size) {
        let reason = isExpected ? "is damaged" : "is gone, and so is the protective MBR"
        return table.table(in: source, remark: "the primary GPT \(reason): its backup was read")
      }
    }
    return nil
  }

  /// Nil unless both checksums hold and the header says that it belongs here.
  init?(_ source: Source, sector: UInt64, sectorSize: UInt64) {
    let (place, overflow) = sector.multipliedReportingOverflow(by: sectorSize)
    guard !overflow,
      var header = try? source.read(at: ByteOffset(place), count: ByteCount(sectorSize)),
      header.holds(Array("EFI PART".utf8), at: 0),
      let size = try? header.little(UInt32.self, at: 0x0C), size >= 92,
      let headerSize = Int(exactly: size), headerSize <= header.count,
      let checksum = try? header.little(UInt32.self, at: 0x10)
    else { return nil }
    for index in 0x10..<0x14 { header[index] = 0 }
    guard Self.checksum(Array(header.prefix(headerSize))) == checksum,
      (try? header.little(UInt64.self, at: 0x18)) == sector,
      let array = try? header.little(UInt64.self, at: 0x48),
      let count = try? header.little(UInt32.self, at: 0x50),
      let length = try? header.little(UInt32.self, at: 0x54), length >= 128, length <= 4096,
      let start = try? ByteCount(array) * sectorSize,
      let total = try? ByteCount(UInt64(count)) * UInt64(length),
      let entries = try? source.read(at: ByteOffset(start), count: total),
      Self.checksum(entries) == (try? header.little(UInt32.self, at: 0x58))
    else { return nil }
    self.sectorSize = sectorSize
    entrySize = Int(length)
    self.entries = entries
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc = CRC32(.iso)
    crc.update(bytes)
    return crc.value
  }

  /// The partitions in use; nil where there is not one.
  func table(in source: Source, remark: String?) -> PartitionTable? {
    var list = PartitionList(in: source)
    if let remark { list.remarks.append(remark) }
    for (index, offset) in stride(from: 0, to: entries.count, by: entrySize).enumerated() {
      guard list.partitions.count < Self.limit else { break }
      guard let type = try? entries.copy(at: offset, count: 16), type.contains(where: { $0 != 0 }),
        let first = try? entries.little(UInt64.self, at: offset + 0x20),
        let last = try? entries.little(UInt64.self, at: offset + 0x28)
      else { continue }
      guard last >= first, last < .max else {
        list.remarks.append("partition \(index + 1) ends before it starts")
        continue
      }
      list.add(
        number: index + 1, start: first, sectors: last &- first &+ 1, sectorSize: sectorSize,
        typeName: PartitionType.name(of: type), name: name(at: offset + 0x38))
    }
    guard !list.partitions.isEmpty else { return nil }
    return PartitionTable(scheme: "GPT", partitions: list.partitions, remarks: list.remarks)
  }

  private func name(at offset: Int) -> String {
    var units: [UInt16] = []
    for index in 0..<36 {
      guard let unit = try? entries.little(UInt16.self, at: offset + 2 * index), unit != 0
      else { break }
      units.append(unit)
    }
    return String(decoding: units, as: UTF16.self)
  }

  private static let limit = 1024
}
