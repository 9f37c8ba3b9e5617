// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum TarSpecimens {
  private static func octal(_ value: Int, _ digits: Int) -> [UInt8] {
    let text = String(value, radix: 8)
    return ascii(String(repeating: "0", count: digits - text.count) + text)
  }

  /// A member's header and data, up to a full block.
  private static func member(
    _ name: String, _ data: [UInt8], type: String = "0", magic: String = "ustar\0" + "00",
    mode: [UInt8] = ascii("0000644\0"), isOfCPIO: Bool = false
  ) -> [UInt8] {
    let owner = [UInt8](
      mode.count == 8 && mode[6] == 0x20 ? ascii("000000 \0") : ascii("0000000\0"))
    let front =
      ascii(name, padTo: 100) + mode + owner + owner + octal(data.count, 11) + [0]
      + octal(1_700_000_000, 11) + [0]
    let back = ascii(type) + zeros(100) + ascii(magic)
    let block = front + ascii("        ") + back + zeros(512 - 156 - back.count)
    let total = block.reduce(0) { $0 + Int($1) }
    let sum = isOfCPIO ? octal(total, 7) + [0] : octal(total, 6) + [0, 0x20]
    return Array(block[..<148]) + sum + Array(block[156...]) + data
      + zeros((512 - data.count % 512) % 512)
  }

  private static let paths = "30 path=album/a long name.jpg\n"

  static let all: [Specimen] = {
    let date = Timestamp(seconds: 1_700_000_000)
    let posix =
      member("PaxHeaders/x", ascii("29 path=album/a long name.jpg"), type: "x")
      + member("album/a", junk(700)) + member("album/link", [], type: "2")
    let gnu = "ustar  \0"
    let long =
      member("././@LongLink", ascii("photos/one.jpg\0"), type: "L", magic: gnu)
      + member("photos/one", junk(9000), magic: gnu)
    let old = [6, 7].map { digits -> [UInt8] in
      let mode = digits == 7 ? ascii("0000644\0") : ascii("000644 \0")
      return member("old/", [], type: "\0", magic: "", mode: mode)
        + member("old/b", junk(800), type: "\0", magic: "", mode: mode)
    }
    let label = member("backup", [], type: "V", magic: "", mode: zeros(8))
    func filled(_ bytes: [UInt8]) -> [UInt8] {
      bytes + zeros(10_240 * (bytes.count / 10_240 + 1) - bytes.count)
    }
    return [
      Specimen(
        .tar, filled(posix), label: "pax", name: "album", date: date, verdict: .probable,
        boundaries: [512, 1024, 1536, 2560, 3072], endsAlone: true),
      Specimen(
        .tar, filled(long), label: "GNU, a long name", name: "photos", date: date,
        verdict: .probable, boundaries: [512, 1024, 1536]),
      Specimen(
        .tar, old[0] + zeros(1024), label: "libarchive's seventh edition", name: "old", date: date,
        verdict: .probable),
      Specimen(
        .tar, member("c/one", junk(700), isOfCPIO: true) + zeros(1024), label: "cpio's", name: "c",
        date: date, verdict: .probable),
      Specimen(
        .tar, filled(label + member("d/one", junk(700), magic: gnu)), label: "GNU, a label",
        name: "d", date: date, verdict: .probable),
      Specimen(.tar, filled(old[1]), label: "seventh edition", name: "old", verdict: .probable),
      Specimen(
        .tar,
        filled(member("machine.ovf", junk(300)) + member("machine.vmdk", junk(5000))),
        label: "virtual appliance", type: "ova", name: "machine.ovf", verdict: .probable),
    ]
  }()
}
