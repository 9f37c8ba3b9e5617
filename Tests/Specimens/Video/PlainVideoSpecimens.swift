// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

/// Pictures in a row, with little around them.
enum PlainVideoSpecimens {
  private static let ivf: Specimen = {
    let frames: [UInt8] = (0..<4).flatMap { (index: Int) -> [UInt8] in
      little(UInt32(150)) + little(UInt64(index)) + junk(150, seed: UInt64(index) + 1)
    }
    let head: [[UInt8]] = [
      ascii("DKIF"), little(UInt16(0)), little(UInt16(32)), ascii("VP90"), little(UInt16(64)),
      little(UInt16(48)), little(UInt32(25)), little(UInt32(1)), little(UInt32(4)), zeros(4),
    ]
    return Specimen(.ivf, head.flatMap(\.self) + frames, verdict: .intact)
  }()

  private static let y4m: [Specimen] = [("420jpeg", 8 * 7 + 2 * 4 * 4), ("422p10", 2 * 8 * 14)].map
  {
    (colours: String, size: Int) in
    let frames = (0..<5).flatMap { (index: Int) -> [UInt8] in
      ascii("FRAME\n") + junk(size, seed: UInt64(index) + 9)
    }
    return Specimen(
      .y4m, ascii("YUV4MPEG2 W8 H7 F25:1 Ip A1:1 C\(colours)\n") + frames, label: colours,
      verdict: .probable)
  }

  private static let dv: Specimen = {
    let sections: [UInt8] = (0..<150).map { block in
      switch block {
      case 0: 0x1F
      case 1...2: 0x3F
      case 3...5: 0x5F
      default: (block - 6) % 16 == 0 ? 0x7F : 0x9F
      }
    }
    let frame = (0..<10).flatMap { (number: UInt8) in
      sections.enumerated().flatMap { block, section in
        let data: [UInt8] =
          block == 0
          ? [0x3F] : block == 3 ? [0x62, 0xFF, 0x03, 0x02, 0x04, 0x63, 0xFF, 0x06, 0x05, 0x04] : []
        return [section, number << 4 | 7, block == 0 ? 0 : UInt8(block % 16)] + data
          + [UInt8](repeating: 0xFF, count: 77 - data.count)
      }
    }
    return Specimen(
      .dv, frame,
      date: Timestamp(year: 2004, month: 2, day: 3, hour: 4, minute: 5, second: 6),
      verdict: .probable, endsAlone: false)
  }()

  private static let mpeg: Specimen = {
    let slice: (UInt8) -> [UInt8] = { row in [0, 0, 1, row] + (1...120).map { $0 | 1 } }
    let picture = [0, 0, 1, 0, 0, 0x0F, 0xFF, 0xF8] + (1...4).flatMap(slice)
    let sequence: [UInt8] = [0, 0, 1, 0xB3, 4, 0, 0x30, 0x13, 0xFF, 0xFF, 0xE0, 0x18]
    return Specimen(
      .mpegVideo, sequence + [0, 0, 1, 0xB8, 0, 8, 0, 0x40] + picture + picture,
      type: "m1v", verdict: .probable)
  }()

  private static let ended = Specimen(
    .mpegVideo, mpeg.bytes + [0, 0, 1, 0xB7], label: "with an end", verdict: .probable)

  private static func unit(_ head: [UInt8], _ count: Int) -> [UInt8] {
    [0, 0, 0, 1] + head + (0..<count).map { UInt8($0 % 250) | 1 }
  }

  private static let coded: [Specimen] = [
    Specimen(
      .h264,
      unit([0x67, 100, 0, 31, 0xAC], 12) + unit([0x68, 0xEE], 3) + unit([0x65, 0x88], 500)
        + unit([0x41, 0x9A], 90), verdict: .probable),
    Specimen(
      .h264,
      [0, 0, 0, 1, 9, 0xF0] + unit([0x67, 66, 0xC0, 30], 12) + unit([0x68, 0xCE], 3)
        + unit([0x65, 0x88], 600), label: "with delimiters", verdict: .probable),
    Specimen(
      .h265,
      unit([0x40, 1, 0x0C, 1, 0xFF, 0xFF, 1, 0x60], 12) + unit([0x42, 1, 1], 30)
        + unit([0x44, 1, 0xC1], 5) + unit([0x26, 1, 0xAF], 500), verdict: .probable),
  ]

  static let all = [ivf] + y4m + [dv, mpeg, ended] + coded
}
