// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats
import Findings

/// Files that Windows keeps for itself.
enum WindowsSpecimens {
  static let all: [Specimen] = [shellLink, eventLog, hive] + prefetch

  private static let moment = Timestamp(
    year: 2024, month: 2, day: 3, hour: 4, minute: 5, second: 6)
  /// The same in steps of 100 ns since 1601.
  private static let fileTime = little(
    (UInt64(11_644_473_600) + 1_706_933_106) * UInt64(10_000_000))

  private static func wide(_ text: String, padTo count: Int = 0) -> [UInt8] {
    let bytes = text.utf16.flatMap { little($0) }
    return bytes + zeros(max(0, count - bytes.count))
  }

  private static let shellLink: Specimen = {
    let header =
      little(UInt32(0x4C)) + [1, 0x14, 2, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46]
      + little(UInt32(0x8B)) + little(UInt32(0x20)) + fileTime + fileTime + fileTime
      + little(UInt32(4000)) + zeros(4) + little(UInt32(1)) + zeros(12)
    let item = little(UInt16(0x32)) + junk(0x30)
    let items = little(UInt16(item.count * 5 + 2))
    let path = ascii("C:\\boats\\harbor.txt\0")
    let infoSize = 0x1C + 0x10 + path.count + 1
    let info =
      little(UInt32(infoSize)) + little(UInt32(0x1C)) + little(UInt32(1)) + little(UInt32(0x1C))
      + little(UInt32(0x2C)) + zeros(4) + little(UInt32(infoSize - 1))
      + little(UInt32(0x10)) + little(UInt32(3)) + zeros(8) + path + [0]
    let relative = little(UInt16(12)) + wide(".\\harbor.txt")
    let block = little(UInt32(0x60)) + little(UInt32(0xA000_0003)) + junk(0x58)
    let start = header + items + Array(repeatElement(item, count: 5).joined()) + [0, 0]
    let bytes = start + info + relative + block + zeros(4)
    return Specimen(
      .shellLink, bytes, name: "harbor.txt", verdict: .intact,
      boundaries: [0x4C, start.count, start.count + infoSize, bytes.count - 4])
  }()

  private static let eventLog: Specimen = {
    func record(_ number: UInt64) -> [UInt8] {
      let size = little(UInt32(28 + 120))
      return [0x2A, 0x2A, 0, 0] + size + little(number) + fileTime + junk(120) + size
    }
    let records = (1...9).flatMap { record(UInt64($0)) }
    let last = 512 + records.count - 148
    let head =
      ascii("ElfChnk\0") + little(UInt64(1)) + little(UInt64(9)) + little(UInt64(1))
      + little(UInt64(9)) + little(UInt32(128)) + little(UInt32(last))
      + little(UInt32(512 + records.count)) + little(ArchiveBytes.crc32(records)) + zeros(64)
    let tables = junk(384)
    let sum = ArchiveBytes.crc32(head + tables)
    let chunk = head + zeros(4) + little(sum) + tables + records
    let start =
      ascii("ElfFile\0") + zeros(16) + little(UInt64(10)) + little(UInt32(128))
      + [1, 0, 3, 0, 0, 0x10, 1, 0] + zeros(76)
    let bytes =
      start + zeros(4) + little(ArchiveBytes.crc32(start)) + zeros(3968) + chunk
      + zeros(0x1_0000 - chunk.count)
    return Specimen(
      .eventLog, bytes, date: moment, verdict: .verified, boundaries: [4096, 4608],
      covered: [0..<120, 4096..<4096 + 120, 4224..<4096 + chunk.count])
  }()

  private static let hive: Specimen = {
    let bin =
      ascii("hbin") + little(UInt32(0)) + little(UInt32(4096)) + zeros(8) + fileTime + zeros(4)
      + little(Int32(-0x200)) + junk(0x1FC) + little(Int32(-0x400)) + junk(0x3FC)
      + little(Int32(4096 - 32 - 0x600)) + zeros(4096 - 36 - 0x600)
    let base =
      ascii("regf") + little(UInt32(7)) + little(UInt32(7)) + fileTime + little(UInt32(1))
      + little(UInt32(5)) + zeros(4) + little(UInt32(1)) + little(UInt32(32))
      + little(UInt32(bin.count)) + little(UInt32(1)) + wide("\\Boats\\NTUSER.DAT", padTo: 64)
      + zeros(396)
    var sum: UInt32 = 0
    for index in stride(from: 0, to: 508, by: 4) {
      sum ^= base[index..<index + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    return Specimen(
      .registryHive, base + little(sum) + zeros(4096 - 512) + bin, name: "NTUSER.DAT",
      date: moment, verdict: .intact, boundaries: [512, 4096], covered: [0..<512])
  }()

  /// A prefetch file of one program that loads three files.
  private static func unpacked(version: UInt32) -> [UInt8] {
    let names = ["\\BOATS\\HARBOR.EXE", "\\BOATS\\LADDER.DLL", "\\BOATS\\TIMBER.DLL"]
    let chainSize = version >= 30 ? 8 : 12
    let start = 0x130
    let texts = names.map { wide($0) + [0, 0] }
    var files: [UInt8] = []
    var offset = 0
    for (index, text) in texts.enumerated() {
      files +=
        little(UInt32(index)) + little(UInt32(1)) + little(UInt32(1)) + little(UInt32(offset))
        + little(UInt32(text.count / 2 - 1)) + zeros(12)
      offset += text.count
    }
    let chain = little(UInt32.max) + junk(chainSize - 4)
    let chains = (0..<texts.count).flatMap { _ in chain }
    let namesAt = start + files.count + chains.count
    let volumesAt = namesAt + offset
    let volumes = zeros(96) + wide("\\DEVICE\\HARDDISKVOLUME1", padTo: 64)
    let size = volumesAt + volumes.count
    let fields =
      little(UInt32(start)) + little(UInt32(texts.count)) + little(UInt32(start + files.count))
      + little(UInt32(texts.count)) + little(UInt32(namesAt)) + little(UInt32(offset))
      + little(UInt32(volumesAt)) + little(UInt32(1)) + little(UInt32(volumes.count)) + zeros(8)
      + fileTime
    let head =
      little(version) + ascii("SCCA") + little(UInt32(0x11)) + little(UInt32(size))
      + wide("HARBOR.EXE", padTo: 60) + little(UInt32(0x1234_5678)) + zeros(4) + fields
    return head + zeros(start - head.count) + files + chains + texts.flatMap(\.self) + volumes
  }

  /// XPRESS Huffman with 512 codes of nine bits each: literals, then the symbol that ends it.
  private static func packed(_ bytes: [UInt8]) -> [UInt8] {
    var bits: [Bool] = []
    for symbol in bytes.map(Int.init) + [256] {
      for shift in (0..<9).reversed() { bits.append(symbol >> shift & 1 == 1) }
    }
    bits += [Bool](repeating: false, count: (16 - bits.count % 16) % 16 + 16)
    var words: [UInt8] = []
    for start in stride(from: 0, to: bits.count, by: 16) {
      words += little(bits[start..<start + 16].reduce(0 as UInt16) { $0 << 1 | ($1 ? 1 : 0) })
    }
    return ascii("MAM\u{4}") + little(UInt32(bytes.count))
      + [UInt8](repeating: 0x99, count: 256) + words
  }

  private static let prefetch: [Specimen] = {
    let old = unpacked(version: 23)
    let new = packed(unpacked(version: 30))
    return [
      Specimen(
        .prefetch, old, label: "Windows 7", name: "HARBOR.EXE", date: moment, verdict: .intact,
        boundaries: [84, 0x130]),
      Specimen(
        .prefetch, new, label: "compressed", name: "HARBOR.EXE", date: moment, verdict: .intact,
        boundaries: [8, 264]),
    ]
  }()
}
