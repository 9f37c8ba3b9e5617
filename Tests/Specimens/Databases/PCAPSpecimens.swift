// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum PCAPSpecimens {
  private static let seconds: UInt32 = 1_700_000_000

  private static func capture(
    _ magic: UInt32, _ word: (UInt32) -> [UInt8], _ half: (UInt16) -> [UInt8]
  )
    -> [UInt8]
  {
    let head = word(magic) + half(2) + half(4) + zeros(8) + word(65_535) + word(1)
    return (0..<12).reduce(head) { bytes, index in
      let count = 60 + 37 * index
      return bytes + word(seconds + UInt32(index)) + word(UInt32(index) * 999) + word(UInt32(count))
        + word(UInt32(count) + 4) + junk(count, seed: UInt64(index))
    }
  }

  private static func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
    let length = little(UInt32(12 + body.count))
    return little(type) + length + body + length
  }

  private static func section(_ length: UInt64?) -> [UInt8] {
    block(0x0A0D_0D0A, little(UInt32(0x1A2B_3C4D)) + [1, 0, 0, 0] + little(length ?? .max))
  }

  private static let blocks: [UInt8] = {
    let interface = block(1, [1, 0, 0, 0, 0, 0, 4, 0] + [9, 0, 1, 0, 9, 0, 0, 0] + zeros(4))
    return (0..<9).reduce(interface) { bytes, index in
      let time = UInt64(seconds) * 1_000_000_000 + UInt64(index)
      let head = zeros(4) + little(UInt32(time >> 32)) + little(UInt32(truncatingIfNeeded: time))
      return bytes + block(6, head + little(UInt32(64)) + little(UInt32(64)) + junk(64))
    }
  }()

  static let all: [Specimen] = {
    let date = Timestamp(seconds: Int64(seconds))
    let stated = section(UInt64(blocks.count)) + blocks
    return [
      Specimen(
        .pcap, capture(0xA1B2_C3D4, { little($0) }, { little($0) }), date: date,
        verdict: .probable, endsAlone: true),
      Specimen(
        .pcap, capture(0xA1B2_3C4D, { big($0) }, { big($0) }), label: "big-endian, nanoseconds",
        date: date, verdict: .probable),
      Specimen(
        .pcapng, section(nil) + blocks, label: "section of unknown length", date: date,
        verdict: .probable, endsAlone: false),
      Specimen(.pcapng, stated, date: date, verdict: .intact, endsAlone: false),
    ]
  }()
}
