// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats
import Findings

enum PNGSpecimens {
  static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    var crc = CRC32(.iso)
    crc.update(ascii(type) + data)
    return big(UInt32(data.count)) + ascii(type) + data + big(crc.value)
  }

  static let all: [Specimen] = {
    let bytes =
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", big(UInt32(8)) + big(UInt32(8)) + [8, 0, 0, 0, 0])
      + chunk("tIME", [0x07, 0xE8, 2, 3, 4, 5, 6]) + chunk("tEXt", ascii("Title\0 A boat "))
      + chunk("IDAT", [UInt8](repeating: 7, count: 40)) + chunk("IEND", [])
    return [
      Specimen(
        .png, bytes, name: "A boat",
        date: Timestamp(year: 2024, month: 2, day: 3, hour: 4, minute: 5, second: 6),
        verdict: .verified, boundaries: [8, 33, 52, 78, bytes.count - 12],
        covered: [8..<bytes.count])
    ]
  }()
}
