// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum JPEG2000Specimens {
  private static func box(_ type: String, _ content: [UInt8], isOpen: Bool = false) -> [UInt8] {
    big(UInt32(isOpen ? 0 : content.count + 8)) + ascii(type) + content
  }

  /// Data without the byte that leads markers.
  private static func data(_ count: Int, seed: UInt64) -> [UInt8] {
    junk(count, seed: seed).map { $0 == 0xFF ? 0 : $0 }
  }

  private static func part(_ tile: UInt16, _ data: [UInt8], isOpen: Bool = false) -> [UInt8] {
    [0xFF, 0x90, 0, 10] + big(tile) + big(UInt32(isOpen ? 0 : data.count + 14)) + [0, 1]
      + [0xFF, 0x93] + data
  }

  private static let head: [UInt8] =
    [0xFF, 0x4F, 0xFF, 0x51] + big(UInt16(41)) + zeros(34) + big(UInt16(1)) + [7, 1, 1]
    + [0xFF, 0x52] + big(UInt16(12)) + junk(10)

  private static let stream: [UInt8] =
    head + part(0, data(900, seed: 1)) + part(1, data(700, seed: 2)) + [0xFF, 0xD9]

  private static let front: [UInt8] =
    box("jP  ", [0x0D, 0x0A, 0x87, 0x0A]) + box("ftyp", ascii("jp2 ") + zeros(4) + ascii("jp2 "))
    + box("jp2h", box("ihdr", junk(14)))

  static let all: [Specimen] = [
    Specimen(
      .jp2, front + box("jp2c", stream) + box("xml ", ascii("<a/>")), type: "jp2",
      boundaries: [12, 32, front.count, front.count + 8, front.count + 8 + stream.count],
      wholeCuts: [(front.count + 8 + stream.count)..<(front.count + 20 + stream.count)]),
    Specimen(
      .jp2, front + box("jp2c", stream, isOpen: true), label: "open box",
      boundaries: [front.count, front.count + 8]),
    Specimen(.j2k, stream, boundaries: [2, head.count, head.count + 914]),
    Specimen(
      .j2k, head + part(0, data(900, seed: 3), isOpen: true) + [0xFF, 0xD9], label: "open part",
      boundaries: [head.count, head.count + 14]),
  ]
}
