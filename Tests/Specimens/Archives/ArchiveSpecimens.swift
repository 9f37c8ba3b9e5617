// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

/// 7z and RAR archives.
enum ArchiveSpecimens {
  static let all: [Specimen] = sevenZip + [rar4, rar5]

  private static let sevenZip: [Specimen] = {
    let packed = PackedFiles.sevenZip
    let solid = PackedFiles.sevenZipSolid
    return [
      Specimen(
        .sevenZip, packed, label: "LZMA", verdict: .verified, boundaries: [32],
        // The coder writes a few bytes more than it needs.
        covered: [8..<309, 313..<packed.count]),
      Specimen(
        .sevenZip, solid, label: "two files in a folder", verdict: .verified, boundaries: [32],
        covered: [8..<solid.count]),
      Specimen(
        .sevenZip, copied(method: [0]), label: "a plain header", verdict: .verified,
        boundaries: [32, 32 + ArchiveBytes.text.count], covered: [8..<800]),
      Specimen(
        .sevenZip, copied(method: [6, 0xF1, 7, 1]), label: "encrypted", verdict: .probable),
    ]
  }()

  /// An archive of one file that is stored with a method of this number.
  private static func copied(method: [UInt8]) -> [UInt8] {
    let data = Array((ArchiveBytes.text + ArchiveBytes.text)[..<1000])
    let size: [UInt8] = [0x80 | UInt8(1000 >> 8), UInt8(1000 & 0xFF)]
    let streams: [UInt8] =
      [6, 0, 1, 9] + size + [0] + [7, 11, 1, 0, 1, UInt8(method.count)] + method + [12] + size
      + [10, 1] + little(ArchiveBytes.crc32(data)) + [0, 8, 0, 0]
    let files: [UInt8] = [5, 1, 0x11, 5, 0, 0x61, 0, 0, 0, 0]
    let header: [UInt8] = [1, 4] + streams + files + [0]
    let start =
      little(UInt64(data.count)) + little(UInt64(header.count))
      + little(ArchiveBytes.crc32(header))
    return [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4] + little(ArchiveBytes.crc32(start)) + start
      + data + header
  }

  private static let rar4: Specimen = {
    let text = ArchiveBytes.text
    func block(_ type: UInt8, _ flags: UInt16, _ fields: [UInt8]) -> [UInt8] {
      let head = [type] + little(flags) + little(UInt16(7 + fields.count)) + fields
      return little(UInt16(truncatingIfNeeded: ArchiveBytes.crc32(head))) + head
    }
    let size = little(UInt32(text.count))
    let fields =
      size + size + [3] + little(ArchiveBytes.crc32(text)) + little(UInt32(0x5843_20A3))
      + [29, 0x30] + little(UInt16(10)) + little(UInt32(0x20)) + ascii("harbor.txt")
    let start: [UInt8] =
      [0x52, 0x61, 0x72, 0x21, 0x1A, 7, 0] + block(0x73, 0, zeros(6)) + block(0x74, 0x8000, fields)
    let bytes = start + text + block(0x7B, 0x4000, [])
    return Specimen(
      .rar, bytes, label: "version 3", verdict: .verified, boundaries: [7, 20, start.count],
      covered: [7..<bytes.count])
  }()

  private static let rar5: Specimen = {
    let text = ArchiveBytes.text
    func block(_ fields: [UInt8]) -> [UInt8] {
      let head = [UInt8(fields.count)] + fields
      return little(ArchiveBytes.crc32(head)) + head
    }
    func number(_ value: Int) -> [UInt8] {
      value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F | 0x80)] + number(value >> 7)
    }
    let file: [UInt8] =
      [2, 2] + number(text.count) + [4] + number(text.count) + [0x20]
      + little(ArchiveBytes.crc32(text)) + [0, 1, 10] + ascii("harbor.txt")
    let start = [0x52, 0x61, 0x72, 0x21, 0x1A, 7, 1, 0] + block([1, 0, 0]) + block(file)
    let bytes = start + text + block([5, 0, 0])
    return Specimen(
      .rar, bytes, label: "version 5", verdict: .verified, boundaries: [8, 16, start.count],
      covered: [8..<bytes.count])
  }()
}
