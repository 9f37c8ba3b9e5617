// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum TransportSpecimens {
  private static func packet(
    _ stream: UInt16, count: UInt8, _ payload: [UInt8], starts: Bool = false
  )
    -> [UInt8]
  {
    let rest = 184 - payload.count
    let head = [0x47] + big(stream | (starts ? 0x4000 : 0))
    if rest == 0 { return head + [0x10 | count & 15] + payload }
    let field = rest == 1 ? [0] : [UInt8(rest - 1), 0] + [UInt8](repeating: 0xFF, count: rest - 2)
    return head + [0x30 | count & 15] + field + payload
  }

  private static func table(_ stream: UInt16, count: UInt8, _ section: [UInt8]) -> [UInt8] {
    let filler = [UInt8](repeating: 0xFF, count: 184 - section.count - 1)
    return packet(stream, count: count, [0] + section + filler, starts: true)
  }

  /// Tables, then packets of pictures, the tables again, and so on.
  private static func packets(first: [UInt8]) -> [[UInt8]] {
    let programs: [UInt8] = [0, 0xB0, 13, 0, 1, 0xC1, 0, 0, 0, 1, 0xE1, 0, 1, 2, 3, 4]
    let program: [UInt8] = [2, 0xB0, 18, 0, 1, 0xC1, 0, 0, 0xE1, 1, 0xF0, 0] + zeros(9)
    return (0..<3).flatMap { (round: UInt8) in
      [table(0, count: round, programs), table(0x100, count: round, program)]
        + (0..<6).map { (index: UInt8) in
          packet(
            0x101, count: round * 6 + index,
            index == 0 ? [0, 0, 1, 0xE0, 0, 0] + first + junk(170 - first.count) : junk(184),
            starts: index == 0)
        }
    }
  }

  static let all: [Specimen] = {
    let date = ascii("MDPM") + [2, 0x18, 0, 0x20, 0x24, 0x02, 0x19, 0x03, 0x04, 0x05, 0x06]
    return [
      Specimen(.transport, packets(first: []).flatMap(\.self), type: "ts", verdict: .probable),
      Specimen(
        .transport,
        packets(first: date).enumerated().flatMap { big(UInt32($0) * 400) + $1 },
        label: "192 bytes", type: "m2ts",
        date: Timestamp(year: 2024, month: 2, day: 3, hour: 4, minute: 5, second: 6),
        verdict: .probable),
    ]
  }()
}
