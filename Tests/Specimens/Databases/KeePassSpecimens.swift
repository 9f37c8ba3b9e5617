// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats

enum KeePassSpecimens {
  private static let magic: [UInt8] = [3, 0xD9, 0xA2, 0x9A, 0x67, 0xFB, 0x4B, 0xB5]

  private static let fourth: [UInt8] = {
    let fields =
      [2] + little(UInt32(16)) + junk(16) + [0] + little(UInt32(4)) + [0x0D, 0x0A, 0x0D, 0x0A]
    let header = magic + [0, 0, 4, 0] + fields
    func block(_ data: [UInt8]) -> [UInt8] { junk(32) + little(UInt32(data.count)) + data }
    return header + SHA256.hash(header) + junk(32) + block(junk(800)) + block([])
  }()

  private static let third: [UInt8] = {
    let fields: [UInt8] = [2, 16, 0] + junk(16) + [0, 4, 0, 0x0D, 0x0A, 0x0D, 0x0A]
    return magic + [1, 0, 3, 0] + fields + junk(768)
  }()

  private static let first: [UInt8] =
    [3, 0xD9, 0xA2, 0x9A, 0x65, 0xFB, 0x4B, 0xB5] + junk(116) + junk(640, seed: 5)

  static let all: [Specimen] = [
    Specimen(
      .keePass, fourth, type: "kdbx", verdict: .probable, boundaries: [12, 33, 42, 74, 106]),
    Specimen(
      .keePass, third, label: "version 3", type: "kdbx", verdict: .probable, endsAlone: true),
    Specimen(.keePass, first, label: "version 1", type: "kdb", verdict: .probable),
  ]
}
