// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats
import Findings

/// LZ4, Snappy, compress and lzop streams; cabinets, ARJ, LHA and ACE archives.
enum MoreArchiveSpecimens {
  static let all: [Specimen] = streams + [cabinet, signedCabinet, ace] + arj + lha

  private static let streams: [Specimen] = {
    let lz4 = PackedFiles.lz4
    let stored = lz4Frame(flags: 0x70, sum: false)
    return [
      Specimen(.lz4, lz4, verdict: .verified, covered: [0..<lz4.count]),
      Specimen(
        .lz4, stored, label: "blocks with checksums", verdict: .verified,
        covered: [4..<stored.count]
      ),
      Specimen(
        .lz4, lz4Frame(flags: 0x60, sum: false) + lz4, label: "two frames", verdict: .intact,
        boundaries: [stored.count - 8],
        wholeCuts: [stored.count - 8..<stored.count - 4]),
      Specimen(
        .snappy, snappy, verdict: .probable, boundaries: [10], wholeCuts: [10..<snappy.count]),
      Specimen(
        .compress, PackedFiles.compress, verdict: .probable, wholeCuts: [0..<425],
        endsAlone: true),
      Specimen(
        .lzop, PackedFiles.lzop, label: "packed", name: "harbor.txt",
        date: Timestamp(seconds: 1_706_933_106), verdict: .probable, covered: [9..<48]),
      Specimen(
        .lzop, lzop, label: "stored", name: "a.txt", verdict: .verified,
        covered: [9..<43, 55..<lzop.count - 4]),
    ]
  }()

  /// A frame of two blocks that are not compressed.
  private static func lz4Frame(flags: UInt8, sum: Bool) -> [UInt8] {
    let text = ArchiveBytes.text
    let head: [UInt8] = [flags, 0x40]
    let block =
      little(UInt32(text.count) | 1 << 31) + text
      + (flags & 0x10 != 0 ? little(XXH32.hash(text)) : [])
    return [4, 0x22, 0x4D, 0x18] + head + [UInt8(truncatingIfNeeded: XXH32.hash(head) >> 8)]
      + block + block + zeros(4)
  }

  /// A chunk that is not compressed, and one of a literal and a copy.
  private static let snappy: [UInt8] = {
    func chunk(_ type: UInt8, _ data: [UInt8], of plain: [UInt8]) -> [UInt8] {
      var crc = CRC32(.castagnoli)
      crc.update(plain)
      let sum = (crc.value >> 15 | crc.value << 17) &+ 0xA282_EAD8
      return [type] + Array(little(UInt32(data.count + 4))[..<3]) + little(sum) + data
    }
    let plain = Array(repeatElement(ascii("boat"), count: 16).joined())
    return [0xFF, 6, 0, 0] + ascii("sNaPpY") + chunk(1, ArchiveBytes.text, of: ArchiveBytes.text)
      + chunk(0, [64, 12] + ascii("boat") + [59 << 2 | 2, 4, 0], of: plain)
  }()

  private static let lzop: [UInt8] = {
    let text = ArchiveBytes.text
    let head =
      [0x10, 0x40, 0x20, 0xA0, 0x09, 0x40, 1, 5] + big(UInt32(0x0300_0001))
      + big(UInt32(0x81A4)) + big(UInt32(1_706_933_106)) + zeros(4) + [5] + ascii("a.txt")
    func sum(_ bytes: [UInt8]) -> [UInt8] {
      var sum = Adler32()
      sum.update(bytes)
      return big(sum.value)
    }
    let size = big(UInt32(text.count))
    return [0x89, 0x4C, 0x5A, 0x4F, 0, 0x0D, 0x0A, 0x1A, 0x0A] + head + sum(head) + size + size
      + sum(text) + text + zeros(4)
  }()

  /// A cabinet of one folder with two blocks that are not compressed.
  private static func cabinet(reserve: [UInt8]) -> [UInt8] {
    let text = ArchiveBytes.text
    func block(_ data: [UInt8]) -> [UInt8] {
      let sizes = little(UInt16(data.count)) + little(UInt16(data.count))
      var sum: UInt32 = 0
      let padded = data + sizes
      for index in stride(from: 0, to: padded.count, by: 4) {
        sum ^= padded[index..<index + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
      }
      return little(sum) + sizes + data
    }
    let blocks = block(text) + block(text)
    let file =
      little(UInt32(2 * text.count)) + zeros(6) + [0x43, 0x58, 0xA3, 0x20, 0x20, 0]
      + ascii("harbor.txt\0")
    let files = 36 + reserve.count + 8
    let size = UInt32(files + file.count + blocks.count)
    return ascii("MSCF") + zeros(4) + little(size) + zeros(4) + little(UInt32(files)) + zeros(4)
      + [3, 1, 1, 0, 1, 0, reserve.isEmpty ? 0 : 4, 0, 7, 0, 0, 0] + reserve
      + little(UInt32(files + file.count)) + [2, 0, 0, 0] + file + blocks
  }

  private static let cabinet: Specimen = {
    let bytes = cabinet(reserve: [])
    return Specimen(
      .cabinet, bytes, verdict: .verified, boundaries: [36, 44, bytes.count - 644],
      covered: [bytes.count - 2 * 644..<bytes.count])
  }()

  private static let signedCabinet: Specimen = {
    let plain = cabinet(reserve: zeros(24))
    let reserve: [UInt8] =
      [20, 0, 0, 0, 0, 0, 0x10, 0] + little(UInt32(plain.count)) + little(UInt32(700)) + zeros(8)
    let bytes = cabinet(reserve: reserve)
    return Specimen(
      .cabinet, bytes + junk(700), label: "with a signature behind it", verdict: .intact,
      boundaries: [60, bytes.count])
  }()

  private static let ace: Specimen = {
    func block(_ header: [UInt8]) -> [UInt8] {
      let sum = ~ArchiveBytes.crc32(header)
      return little(UInt16(truncatingIfNeeded: sum)) + little(UInt16(header.count)) + header
    }
    let start = block([0, 0, 0x90] + ascii("**ACE**") + [20, 20, 2, 0] + zeros(13))
    let file = block(
      [1, 1, 0x80] + little(UInt32(900)) + little(UInt32(900)) + zeros(18) + [10, 0]
        + ascii("harbor.txt"))
    let bytes = start + file + junk(900)
    return Specimen(
      .ace, bytes, verdict: .probable, boundaries: [start.count, start.count + file.count])
  }()

  private static let arj: [Specimen] = [
    Specimen(
      .arj, PackedFiles.arj, verdict: .probable, boundaries: [51, PackedFiles.arj.count - 4],
      covered: [4..<51])
  ]

  private static let lha: [Specimen] = {
    let text = ArchiveBytes.text
    var crc = CRC16()
    crc.update(text)
    let size = little(UInt32(text.count))
    let head =
      ascii("-lh0-") + size + size + little(UInt32(0x5843_20A3)) + [0x20, 0, 10]
      + ascii("harbor.txt") + little(crc.value)
    let bytes = [UInt8(head.count), head.reduce(0, &+)] + head + text
    return [
      Specimen(.lha, PackedFiles.lha, label: "packed, level 2", verdict: .probable),
      Specimen(
        .lha, bytes + bytes + [0], label: "stored, level 0", verdict: .verified,
        boundaries: [head.count + 2, bytes.count], covered: [0..<2 * bytes.count]),
    ]
  }()
}
