// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

/// 7z and RAR archives.
enum ArchiveSpecimens {
  static let all: [Specimen] = sevenZip + [rar4, rar2, rar5, rar5Volume]

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

  private static func block4(
    _ type: UInt8, _ flags: UInt16, _ fields: [UInt8], names: [UInt8] = []
  ) -> [UInt8] {
    let head = [type] + little(flags) + little(UInt16(7 + fields.count)) + fields
    return little(UInt16(truncatingIfNeeded: ArchiveBytes.crc32(head + names))) + head + names
  }

  /// The header of a member that is stored, for a version times ten.
  private static func member4(version: UInt8) -> [UInt8] {
    let size = little(UInt32(ArchiveBytes.text.count))
    let fields =
      size + size + [3] + little(ArchiveBytes.crc32(ArchiveBytes.text))
      + little(UInt32(0x5843_20A3)) + [version, 0x30] + little(UInt16(10)) + little(UInt32(0x20))
    return block4(0x74, 0x8000, fields + ascii("harbor.txt"))
  }

  private static let start4: [UInt8] =
    [0x52, 0x61, 0x72, 0x21, 0x1A, 7, 0] + block4(0x73, 0, zeros(6))

  private static let rar4: Specimen = {
    let start = start4 + member4(version: 29)
    let bytes = start + ArchiveBytes.text + block4(0x7B, 0x4000, [])
    return Specimen(
      .rar, bytes, label: "version 3", verdict: .verified, boundaries: [7, 20, start.count],
      covered: [7..<bytes.count])
  }()

  /// An archive with no end block, but with an owner and a recovery record.
  private static let rar2: Specimen = {
    let owner = little(UInt32(8)) + [1, 1, 0, 4, 0, 4, 0]
    let recovery =
      little(UInt32(514)) + [1] + little(UInt16(1)) + little(UInt32(1)) + ascii("Protect!")
    let packed = start4 + member4(version: 20) + ArchiveBytes.text
    let owned = packed + block4(0x77, 0x8000, owner, names: ascii("rootroot"))
    let bytes = owned + block4(0x78, 0xC000, recovery) + junk(514)
    return Specimen(
      .rar, bytes, label: "version 2, a recovery record", verdict: .probable,
      boundaries: [packed.count, owned.count])
  }()

  private static func block5(_ fields: [UInt8]) -> [UInt8] {
    let head = [UInt8(fields.count)] + fields
    return little(ArchiveBytes.crc32(head)) + head
  }

  private static func member5(_ data: [UInt8], flags: UInt8) -> [UInt8] {
    func number(_ value: Int) -> [UInt8] {
      value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F | 0x80)] + number(value >> 7)
    }
    return block5(
      [2, flags] + number(data.count) + [4] + number(data.count) + [0x20]
        + little(ArchiveBytes.crc32(data)) + [0, 1, 10] + ascii("harbor.txt"))
  }

  private static let start5: [UInt8] = [0x52, 0x61, 0x72, 0x21, 0x1A, 7, 1, 0]

  private static let rar5: Specimen = {
    let text = ArchiveBytes.text
    let start = start5 + block5([1, 0, 0]) + member5(text, flags: 2)
    let bytes = start + text + block5([5, 0, 0])
    return Specimen(
      .rar, bytes, label: "version 5", verdict: .verified, boundaries: [8, 16, start.count],
      covered: [8..<bytes.count])
  }()

  /// A volume that another follows, filled up to two kilobytes.
  private static let rar5Volume: Specimen = {
    let end = block5([5, 4, 1])
    let start = start5 + block5([1, 0, 1])
    let data = junk(2048 - 15 - start.count - member5(junk(1900), flags: 0x12).count - end.count)
    let bytes = start + member5(data, flags: 0x12) + data + end + zeros(15)
    return Specimen(.rar, bytes, label: "version 5, a volume", verdict: .probable)
  }()
}
