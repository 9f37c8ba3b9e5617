// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum CPIOSpecimens {
  private static func digits(_ value: Int, _ count: Int, radix: Int) -> [UInt8] {
    let text = String(value, radix: radix, uppercase: true)
    return ascii(String(repeating: "0", count: count - text.count) + text)
  }

  private static func hexadecimal(_ magic: String, _ name: String, _ data: [UInt8]) -> [UInt8] {
    let sum = magic == "070702" ? data.reduce(0) { $0 + Int($1) } : 0
    let name = ascii(name) + [0]
    let fields = [7, 0x81A4, 0, 0, 1, 1_700_000_000, data.count, 8, 1, 0, 0, name.count, sum]
    let head = ascii(magic) + fields.flatMap { digits($0, 8, radix: 16) } + name
    return head + zeros((4 - head.count % 4) % 4) + data + zeros((4 - data.count % 4) % 4)
  }

  private static func octal(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let name = ascii(name) + [0]
    let head = ascii("070707") + [1, 2, 0o100644, 0, 0, 1, 0].flatMap { digits($0, 6, radix: 8) }
    return head + digits(1_700_000_000, 11, radix: 8) + digits(name.count, 6, radix: 8)
      + digits(data.count, 11, radix: 8) + name + data
  }

  private static func filled(_ bytes: [UInt8]) -> [UInt8] {
    bytes + zeros((512 - bytes.count % 512) % 512)
  }

  static let all: [Specimen] = {
    let date = Timestamp(seconds: 1_700_000_000)
    let summed =
      hexadecimal("070702", "boat/a", junk(700)) + hexadecimal("070702", "boat/b", junk(301))
    let plain = hexadecimal("070701", "./boat", junk(700)) + hexadecimal("070701", "b", junk(301))
    let old = octal("boat", junk(333)) + octal("TRAILER!!!", [])
    return [
      Specimen(
        .cpio, filled(summed + hexadecimal("070702", "TRAILER!!!", [])), label: "with sums",
        name: "boat", date: date, verdict: .verified, boundaries: [110, 120, 820],
        covered: [120..<820], wholeCuts: [summed.count + 124..<2048]),
      Specimen(
        .cpio, filled(plain + hexadecimal("070701", "TRAILER!!!", [])), name: "boat", date: date,
        verdict: .probable),
      Specimen(.cpio, filled(old), label: "octal", name: "boat", date: date, verdict: .probable),
    ]
  }()
}
