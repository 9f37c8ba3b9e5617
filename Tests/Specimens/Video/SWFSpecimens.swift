// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum SWFSpecimens {
  private static func tag(_ kind: UInt16, _ data: [UInt8]) -> [UInt8] {
    data.count < 0x3F
      ? little(kind << 6 | UInt16(data.count)) + data
      : little(kind << 6 | 0x3F) + little(UInt32(data.count)) + data
  }

  private static func file(_ kind: String, version: UInt8, _ packed: [UInt8]) -> [UInt8] {
    ascii(kind) + [version] + little(UInt32(8 + body.count)) + packed
  }

  private static let body =
    [0x70, 0, 0x0C, 0x80, 0, 0, 0x96, 0, 0, 25, 1, 0] + tag(69, [8, 0, 0, 0])
    + tag(9, [0xFF, 0xFF, 0xFF]) + tag(36, junk(700)) + tag(1, []) + tag(0, [])

  /// A zlib stream of one stored block.
  private static let stored: [UInt8] = {
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in body {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    let count = UInt16(body.count)
    return [0x78, 0x9C, 1] + little(count) + little(~count) + body + big(high << 16 | low)
  }()

  static let all: [Specimen] = [
    Specimen(.swf, file("FWS", version: 6, body), label: "plain", verdict: .intact),
    Specimen(
      .swf, file("CWS", version: 8, stored), label: "deflated", verdict: .verified,
      covered: [8..<8 + stored.count]),
    Specimen(
      .swf,
      file(
        "ZWS", version: 13, little(UInt32(600)) + [0x5D, 0, 0, 0x20, 0, 0] + junk(599)),
      label: "LZMA", verdict: .probable),
  ]
}
