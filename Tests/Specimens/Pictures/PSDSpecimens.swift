// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum PSDSpecimens {
  private static func header(version: UInt16, channels: UInt16 = 3) -> [UInt8] {
    ascii("8BPS") + big(version) + zeros(6) + big(channels) + big(UInt32(20)) + big(UInt32(40))
      + big(UInt16(8)) + big(UInt16(3))
  }

  private static let row: [UInt8] = [UInt8(257 - 30), 7, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

  /// Rows of 40 bytes, with their table in front.
  private static func rows(_ count: Int, isLarge: Bool = false) -> [UInt8] {
    let length = isLarge ? big(UInt32(row.count)) : big(UInt16(row.count))
    return big(UInt16(1)) + Array(repeating: length, count: count).flatMap { $0 }
      + Array(repeating: row, count: count).flatMap { $0 }
  }

  private static func section(_ bytes: [UInt8]) -> [UInt8] { big(UInt32(bytes.count)) + bytes }

  private static let resources: [UInt8] =
    ascii("8BIM") + big(UInt16(0x03ED)) + [0, 0] + section(junk(16))
    + ascii("8BIM") + big(UInt16(0x0404)) + [3] + ascii("abc") + section(junk(5)) + [0]

  private static let layers: [UInt8] = {
    let channel = rows(20)
    let record =
      big(UInt32(0)) + big(UInt32(0)) + big(UInt32(20)) + big(UInt32(40)) + big(UInt16(1))
      + big(UInt16(0)) + big(UInt32(channel.count)) + ascii("8BIMnorm") + [255, 0, 0, 0]
      + section(zeros(12))
    return section(big(UInt16(1)) + record + channel) + zeros(4)
  }()

  static let all: [Specimen] = {
    let front = header(version: 1) + zeros(4) + section(resources)
    let flat = front + zeros(4) + big(UInt16(0)) + junk(2400)
    let coded = front + section(layers) + rows(60)
    let large =
      header(version: 2, channels: 1) + zeros(4) + zeros(4) + zeros(8) + rows(20, isLarge: true)
    return [
      Specimen(
        .psd, coded, type: "psd",
        boundaries: [26, 30, front.count, front.count + 4 + layers.count]),
      Specimen(
        .psd, flat, label: "not compressed", type: "psd", verdict: .probable,
        boundaries: [front.count]),
      Specimen(.psd, large, label: "large", type: "psb", boundaries: [26, 30, 34, 42]),
    ]
  }()
}
