// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum FLVSpecimens {
  private static func tag(_ kind: UInt8, time: UInt8, _ data: [UInt8]) -> [UInt8] {
    let size = UInt32(data.count)
    return [kind] + big(size).dropFirst() + [0, 0, time, 0, 0, 0, 0] + data + big(size + 11)
  }

  private static func script(size: Int?) -> [UInt8] {
    let entries =
      ascii("\0\u{0C}creationdate\u{02}") + big(UInt16(20)) + ascii("2024-02-03 04:05:06Z")
      + (size.map { ascii("\0\u{08}filesize\0") + big(Double($0).bitPattern) } ?? [])
    return tag(
      18, time: 0,
      ascii("\u{02}\0\u{0A}onMetaData\u{08}") + big(UInt32(2)) + entries + [0, 0, 9])
  }

  private static func file(statesSize: Bool) -> [UInt8] {
    let media =
      tag(9, time: 0, [0x12] + junk(400)) + tag(8, time: 20, [0x2F] + junk(100))
      + tag(9, time: 40, [0x22] + junk(300))
    let head = ascii("FLV") + [1, 5, 0, 0, 0, 9, 0, 0, 0, 0]
    let size = head.count + script(size: statesSize ? 0 : nil).count + media.count
    return head + script(size: statesSize ? size : nil) + media
  }

  static let all: [Specimen] = [
    Specimen(
      .flv, file(statesSize: true), date: Timestamp(year: 2024, month: 2, day: 3), verdict: .intact),
    Specimen(.flv, file(statesSize: false), label: "without its size", verdict: .probable),
  ]
}
