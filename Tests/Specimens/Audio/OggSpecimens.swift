// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats
import Findings

enum OggSpecimens {
  static func comment(_ texts: [String]) -> [UInt8] {
    little(UInt32(6)) + ascii("writer") + little(UInt32(texts.count))
      + texts.flatMap { little(UInt32($0.utf8.count)) + ascii($0) }
  }

  /// A page of one packet.
  private static func page(
    _ packet: [UInt8], serial: UInt32, number: UInt32, flags: UInt8 = 0
  ) -> [UInt8] {
    let lengths = [UInt8](repeating: 255, count: packet.count / 255) + [UInt8(packet.count % 255)]
    let start = ascii("OggS") + [0, flags] + little(UInt64(number) * 960) + little(serial)
    let head = start + little(number)
    let rest = [UInt8(lengths.count)] + lengths + packet
    var crc = ForwardCRC(.ogg)
    crc.update(head + zeros(4) + rest)
    return head + little(crc.value) + rest
  }

  private static func stream(_ serial: UInt32, _ packets: [[UInt8]], ends: Bool = true) -> [[UInt8]]
  {
    packets.indices.map { index in
      page(
        packets[index], serial: serial, number: UInt32(index),
        flags: index == 0 ? 2 : ends && index == packets.count - 1 ? 4 : 0)
    }
  }

  private static let texts = comment(["title=A boat", "Artist=Anna", "DATE=2021-03-04 10:00"])
  private static let opus: [[UInt8]] =
    [
      ascii("OpusHead") + [1, 2, 0x38, 1] + little(UInt32(48_000)) + [0, 0, 0],
      ascii("OpusTags") + texts,
    ] + (0..<5).map { junk(400 + Int($0), seed: $0) }
  private static let theora: [[UInt8]] =
    [[0x80] + ascii("theora") + junk(35), [0x81] + ascii("theora") + texts]
    + (0..<5).map { junk(700, seed: $0 + 9) }

  static let all: [Specimen] = {
    let date = Timestamp(year: 2021, month: 3, day: 4)
    let pages = stream(7, opus)
    let single = pages.flatMap { $0 }
    let both = zip(stream(8, theora), stream(9, opus)).flatMap { $0 + $1 }
    let chained = single + stream(10, opus).flatMap { $0 }
    let open = stream(7, opus, ends: false).flatMap { $0 }
    let starts = pages.indices.map { pages[..<$0].reduce(0) { $0 + $1.count } }
    return [
      Specimen(
        .ogg, single, type: "opus", name: "Anna - A boat", date: date, verdict: .verified,
        boundaries: starts, covered: [0..<single.count]),
      Specimen(
        .ogg, both, label: "video", type: "ogv", name: "Anna - A boat", verdict: .verified,
        covered: [0..<both.count]),
      Specimen(
        .ogg, chained, label: "chained", type: "opus", verdict: .verified,
        wholeCuts: [single.count..<single.count + 27]),
      Specimen(.ogg, open, label: "without end", verdict: .probable),
    ]
  }()
}
