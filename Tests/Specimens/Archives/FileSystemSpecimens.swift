// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats
import Findings

/// Images that hold a file system or a disk's blocks in the open.
enum FileSystemSpecimens {
  private static let squash: [UInt8] = {
    let head = ascii("hsqs") + little(UInt32(3)) + little(UInt32(1_700_000_000))
    let sizes = little(UInt32(131_072)) + zeros(4) + [1, 0, 17, 0, 0, 0, 1, 0, 4, 0, 0, 0]
    let tables: [UInt64] = [0, 3008, 3000, .max, 2000, 2500, .max, .max]
    let block = head + sizes + tables.flatMap { little($0) }
    let ids = little(UInt64(2900))
    return block + junk(3000 - block.count) + ids + zeros(4096 - 3008)
  }()

  private static let cram: [UInt8] = {
    let head: [UInt8] = [0x45, 0x3D, 0xCD, 0x28] + little(UInt32(4096)) + [3, 0, 0, 0] + zeros(4)
    let rest = zeros(12) + ascii("rescue", padTo: 16) + junk(4096 - 64)
    var crc = CRC32(.iso)
    crc.update(head + ascii("Compressed ROMFS") + zeros(4) + rest)
    return head + ascii("Compressed ROMFS") + little(crc.value) + rest
  }()

  private static let sparse: [UInt8] = {
    func chunk(_ kind: UInt16, _ blocks: UInt32, _ data: [UInt8]) -> [UInt8] {
      little(kind) + zeros(2) + little(blocks) + little(UInt32(12 + data.count)) + data
    }
    let head: [UInt8] = [0x3A, 0xFF, 0x26, 0xED, 1, 0, 0, 0, 28, 0, 12, 0] + little(UInt32(1024))
    return head + little(UInt32(14)) + little(UInt32(3)) + zeros(4) + chunk(0xCAC1, 2, junk(2048))
      + chunk(0xCAC2, 5, zeros(4)) + chunk(0xCAC3, 7, [])
  }()

  static let all: [Specimen] = [
    Specimen(
      .squashFS, squash, date: Timestamp(seconds: 1_700_000_000), verdict: .probable,
      boundaries: [96, 3000, 3008]),
    Specimen(.cramFS, cram, name: "rescue", verdict: .verified, covered: [8..<4096]),
    Specimen(.androidSparse, sparse, verdict: .probable, boundaries: [28, 40, 2088, 2104]),
  ]
}
