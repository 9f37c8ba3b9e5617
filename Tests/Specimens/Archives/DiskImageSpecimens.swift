// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats
import Findings

/// Images of virtual machines' disks.
enum DiskImageSpecimens {
  private static func words(_ values: UInt64...) -> [UInt8] { values.flatMap { little($0) } }

  private static func filled(_ bytes: [UInt8], to count: Int) -> [UInt8] {
    bytes + zeros(count - bytes.count)
  }

  private static func extentHeader(flags: UInt32, directory: UInt64, overhead: UInt64) -> [UInt8] {
    let head = ascii("KDMV") + little(UInt32(1)) + little(flags) + words(2048, 8, 1, 1)
    let tables = little(UInt32(512)) + words(0, directory, overhead)
    return filled(head + tables + [0, 0x0A, 0x20, 0x0D, 0x0A], to: 512)
  }

  private static let descriptor = filled(
    ascii("# Disk DescriptorFile\nRW 2048 SPARSE \"server.vmdk\"\n"), to: 512)

  /// Header, descriptor, a directory of one table, the table, two grains.
  private static let extent: [UInt8] = {
    let table = filled(little(UInt32(8)) + zeros(8) + little(UInt32(16)), to: 2048)
    let top = extentHeader(flags: 3, directory: 2, overhead: 8) + descriptor
    return top + filled(little(UInt32(3)), to: 512) + table + zeros(512) + junk(8192)
  }()

  private static let stream: [UInt8] = {
    func marker(_ sectors: UInt64, _ kind: UInt32) -> [UInt8] {
      filled(words(sectors) + little(UInt32(0)) + little(kind), to: 512)
    }
    let grain = XARSpecimens.stored(junk(2000))
    let record = words(0) + little(UInt32(grain.count)) + grain
    let header = extentHeader(flags: 0x3_0001, directory: .max, overhead: 2)
    return header + descriptor + filled(record, to: 2048) + marker(4, 1) + zeros(2048)
      + marker(1, 2) + zeros(512) + marker(1, 3) + header + marker(0, 0)
  }()

  private static let dynamic: [UInt8] = {
    let top = ascii("conectix") + [0, 0, 0, 2, 0, 1, 0, 0] + big(UInt64(512))
    var footer = top + big(UInt32(600_000_000)) + zeros(32) + big(UInt32(3))
    footer = filled(footer, to: 512)
    let sum = ~footer.reduce(UInt32(0)) { $0 + UInt32($1) }
    footer.replaceSubrange(64..<68, with: big(sum))
    let head = ascii("cxsparse") + [UInt8](repeating: 0xFF, count: 8) + big(UInt64(1536))
    let header = head + [0, 1, 0, 0] + big(UInt32(4)) + big(UInt32(4096))
    let table = [0xFFFF_FFFF, 4, 0xFFFF_FFFF, 13].flatMap { big(UInt32($0)) }
    return footer + filled(header, to: 1024) + filled(table, to: 512) + junk(2 * 4608) + footer
  }()

  private static let virtualBox: [UInt8] = {
    let text = filled(ascii("<<< Oracle VM VirtualBox Disk Image >>>\n"), to: 64)
    let head: [UInt8] = [0x7F, 0x10, 0xDA, 0xBE, 1, 0, 1, 0] + little(UInt32(400)) + [1, 0, 0, 0]
    var header = filled(text + head + zeros(4) + ascii("Test PC"), to: 340)
    header +=
      little(UInt32(512)) + little(UInt32(1024)) + zeros(12) + little(UInt32(512)) + zeros(4)
    header += little(UInt64(16_384)) + little(UInt32(4096)) + zeros(4) + little(UInt32(4))
    header += little(UInt32(2))
    let map = [1, 0xFFFF_FFFF, 0, 0xFFFF_FFFF].flatMap { little(UInt32($0)) }
    return filled(filled(header, to: 512) + map, to: 1024) + junk(8192)
  }()

  /// Clusters of 512 bytes: header, first level, counts' table, counts, second level, data.
  private static let qemu: [UInt8] = {
    let head = [0x51, 0x46, 0x49, 0xFB] + big(UInt32(2)) + zeros(12) + big(UInt32(9))
    let middle = big(UInt64(1024)) + zeros(4) + big(UInt32(1)) + big(UInt64(512))
    let header = head + middle + big(UInt64(1024)) + big(UInt32(1))
    let counts = [UInt16](repeating: 1, count: 7).flatMap { big($0) }
    let second = big(UInt64(2560) | 1 << 63) + big(UInt64(3072) | 1 << 63)
    let tables = [
      header, big(UInt64(2048) | 1 << 63), big(UInt64(1536)), counts, second,
    ]
    return tables.flatMap { filled($0, to: 512) } + junk(1024)
  }()

  private static func checked(_ bytes: [UInt8]) -> [UInt8] {
    var crc = CRC32(.castagnoli)
    crc.update(bytes)
    return Array(bytes[..<4]) + little(crc.value) + Array(bytes[8...])
  }

  /// Headers, tables of regions, metadata, an empty table of blocks.
  private static let hyperV: [UInt8] = {
    var header = filled(ascii("head") + zeros(4) + words(7), to: 72)
    header = checked(filled(header + words(0x5_0000), to: 4096))
    func region(_ id: [UInt8], _ place: UInt64) -> [UInt8] {
      filled(id, to: 16) + words(place) + little(UInt32(4096)) + [1, 0, 0, 0]
    }
    let regions =
      region([0x66, 0x77, 0xC2, 0x2D], 0x5_1000) + region([0x06, 0xA2, 0x7C, 0x8B], 0x5_0000)
    let table = checked(
      filled(ascii("regi") + zeros(4) + little(UInt32(2)) + zeros(4) + regions, to: 0x1_0000))
    func item(_ id: [UInt8], _ place: UInt32) -> [UInt8] {
      filled(id, to: 16) + little(place) + little(UInt32(8)) + zeros(8)
    }
    let items = item([0x37, 0x67, 0xA1, 0xCA], 2048) + item([0x1D, 0xBF, 0x41, 0x81], 2056)
    let metadata = filled(ascii("metadata") + [0, 0, 2, 0], to: 32) + items
    let values = little(UInt32(0x10_0000)) + zeros(4) + little(UInt32(512))
    let top = filled(ascii("vhdxfile"), to: 0x1_0000) + filled(header, to: 0x1_0000)
    let last = filled(filled(metadata, to: 2048) + values, to: 4096) + zeros(4095) + [0x10]
    return top + filled(header, to: 0x1_0000) + table + table + last
  }()

  static let all: [Specimen] = [
    Specimen(
      .vmdk, extent, name: "server", verdict: .probable, boundaries: [512, 1024, 1536, 4096]),
    Specimen(
      .vmdk, stream, label: "compressed", name: "server", verdict: .verified,
      boundaries: [1024, 3072, 5632], covered: [1036..<3040]),
    Specimen(
      .vhd, dynamic, date: Timestamp(seconds: 946_684_800 + 600_000_000), verdict: .probable,
      boundaries: [512, 1536, 2048, 6656]),
    Specimen(.vdi, virtualBox, name: "Test PC", verdict: .probable, boundaries: [512, 1024, 5120]),
    Specimen(.qcow2, qemu, verdict: .probable, boundaries: [512, 1024, 1536, 2048, 2560]),
    Specimen(.vhdx, hyperV, verdict: .probable),
  ]
}
