// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum ISOImageSpecimens {
  private static func both(_ value: UInt32) -> [UInt8] { little(value) + big(value) }

  private static func record(_ block: UInt32, _ size: UInt32, _ name: [UInt8], isFolder: Bool)
    -> [UInt8]
  {
    let length = 33 + name.count + (name.count + 1) % 2
    let bytes =
      [UInt8(length), 0] + both(block) + both(size) + [124, 1, 2, 3, 4, 5, 0]
      + [isFolder ? 2 : 0, 0, 0, 1, 0, 0, 1, UInt8(name.count)] + name
    return bytes + zeros(length - bytes.count)
  }

  /// A volume of 24 blocks: descriptors, a root directory, another one, a file.
  private static func image(blocks: UInt32) -> [UInt8] {
    let root = record(18, 2048, [0], isFolder: true)
    var descriptor =
      [1] + ascii("CD001") + [1, 0] + ascii(String(repeating: " ", count: 32))
      + ascii("HOLIDAY 2019")
      + ascii(String(repeating: " ", count: 20)) + zeros(8) + both(blocks) + zeros(32)
    descriptor += [1, 0, 0, 1, 1, 0, 0, 1, 0, 8, 8, 0] + both(10) + zeros(16) + root
    descriptor += zeros(0x32D - descriptor.count) + ascii("2019080706050400") + [8]
    descriptor += zeros(2048 - descriptor.count)
    let end = [0xFF] + ascii("CD001") + [1] + zeros(2041)
    let top =
      root + record(18, 2048, [1], isFolder: true) + record(19, 2048, ascii("SUB"), isFolder: true)
      + record(20, 3000, ascii("A.TXT;1"), isFolder: false)
    let below =
      record(19, 2048, [0], isFolder: true) + record(18, 2048, [1], isFolder: true)
    return zeros(0x8000) + descriptor + end + top + zeros(2048 - top.count) + below
      + zeros(2048 - below.count) + junk(3000) + zeros(1096 + 2 * 2048)
  }

  /// UDF alone: 262 sectors, the last of them an anchor.
  private static let universal: [UInt8] = {
    func descriptor(_ kind: UInt16, _ sector: UInt32, _ data: [UInt8]) -> [UInt8] {
      let tag = little(kind) + [2, 0, 0, 0, 0, 0, 0, 0, 0, 0] + little(sector)
      let sum = tag.reduce(UInt8(0), &+)
      let bytes = Array(tag[..<4]) + [sum] + Array(tag[5...]) + data
      return bytes + zeros(2048 - bytes.count)
    }
    func structure(_ name: String) -> [UInt8] { [0] + ascii(name) + [1] + zeros(2041) }
    let place = little(UInt32(4096)) + little(UInt32(257))
    let volume = descriptor(1, 257, zeros(8) + [8] + ascii("FILM", padTo: 31))
    let partition = descriptor(5, 258, zeros(172) + little(UInt32(259)) + little(UInt32(2)))
    let top = zeros(0x8000) + structure("BEA01") + structure("NSR03") + structure("TEA01")
    return top + zeros(256 * 2048 - top.count) + descriptor(2, 256, place + place) + volume
      + partition + junk(4096) + descriptor(2, 261, place + place)
  }()

  static let all: [Specimen] = {
    let date = Timestamp(year: 2019, month: 8, day: 7, hour: 4, minute: 5, second: 4)
    var hybrid = image(blocks: 24)
    let entry: [UInt8] = [0x80, 0, 1, 0, 0x17, 0, 1, 0] + little(UInt32(0)) + little(UInt32(120))
    hybrid.replaceSubrange(446..<462, with: entry)
    hybrid.replaceSubrange(510..<512, with: [0x55, 0xAA])
    hybrid += zeros(120 * 512 - hybrid.count)
    return [
      Specimen(
        .iso, image(blocks: 24), name: "HOLIDAY 2019", date: date, verdict: .probable,
        boundaries: [0x8000, 0x8800, 0x9000, 0x9800, 0xA000]),
      Specimen(.iso, universal, label: "UDF alone", name: "FILM", verdict: .probable),
      Specimen(.iso, hybrid, label: "with a partition", date: date, verdict: .probable),
    ]
  }()
}
