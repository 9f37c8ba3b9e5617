// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats

enum DMGSpecimens {
  /// A compressed driver map of 512 bytes, "ER" and zeros for the most part.
  /// A driver map of 512 bytes, compressed: "ER", the block size, their number, and zeros.
  private static let map: [UInt8] = [
    0x78, 0x01, 0x73, 0x0D, 0x62, 0x62, 0x60, 0x60, 0x50, 0x76, 0x05, 0x12, 0xA3, 0x60, 0x04, 0x86,
    0x00, 0x00, 0x01, 0x13, 0x01, 0x02,
  ]

  static let all: [Specimen] = {
    let data = map + XARSpecimens.stored(junk(700)) + XARSpecimens.stored(junk(300, seed: 4))
    let list = ascii(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist>\n"
        + "<plist version=\"1.0\">\n<dict>\n<key>resource-fork</key>\n<dict></dict>\n</dict>\n</plist>\n"
    )
    var crc = CRC32(.iso)
    crc.update(data)
    let head = ascii("koly") + [0, 0, 0, 4, 0, 0, 2, 0] + zeros(12)
    var trailer = head + big(UInt64(0)) + big(UInt64(data.count)) + zeros(0x50 - 0x28)
    trailer += big(UInt32(2)) + big(UInt32(32)) + big(crc.value) + zeros(0xD8 - 0x5C)
    trailer += big(UInt64(data.count)) + big(UInt64(list.count)) + zeros(512 - 0xE8)
    return [
      Specimen(
        .dmg, data + list + trailer, verdict: .verified,
        boundaries: [map.count, data.count, data.count + list.count], covered: [20..<data.count])
    ]
  }()
}
