// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum DBXSpecimens {
  static let all: [Specimen] = {
    let id: [UInt8] = [0x66, 0xE3, 0xD1, 0x11, 0x9A, 0x4E, 0, 0xC0, 0x4F, 0xA3, 9, 0xD4]
    let head = [0xCF, 0xAD, 0x12, 0xFE, 0xC5, 0xFD, 0x74, 0x6F] + id
    let top = head + zeros(124 - head.count) + little(UInt32(0x24BC + 900))
    let middle = top + zeros(228 - 128) + little(UInt32(0x24BC))
    return [
      Specimen(
        .dbx, middle + zeros(0x24BC - 232) + little(UInt32(0x24BC)) + junk(896), verdict: .probable)
    ]
  }()
}
