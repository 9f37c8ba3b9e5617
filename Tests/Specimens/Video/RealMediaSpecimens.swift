// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum RealMediaSpecimens {
  private static func chunk(_ id: String, _ data: [UInt8]) -> [UInt8] {
    ascii(id) + big(UInt32(data.count + 10)) + [0, 0] + data
  }

  private static func text(_ text: String) -> [UInt8] { big(UInt16(text.utf8.count)) + ascii(text) }

  private static func packet(_ index: UInt32) -> [UInt8] {
    [0, 0] + big(UInt16(212)) + [0, 0] + big(index * 40) + [0, 2] + junk(200)
  }

  private static func properties(index: Int) -> [UInt8] {
    let fields: [UInt32] = [9000, 9000, 0, 0, 5, 0, 0, UInt32(index), 0, 0]
    return fields.flatMap { big($0) }
  }
  private static let media: [UInt8] =
    zeros(30) + [5] + ascii("Video") + [20] + ascii("video/x-pn-realvideo") + zeros(4)

  static let all: [Specimen] = {
    let packets: [UInt8] = (0..<5).flatMap { packet($0) }
    let facts = chunk("CONT", text("A road") + text("A walker") + zeros(4)) + chunk("MDPR", media)
    let data = chunk("DATA", big(UInt32(5)) + zeros(4) + packets)
    let head = chunk(".RMF", big(UInt32(0)) + big(UInt32(4)))
    let place = head.count + chunk("PROP", properties(index: 0)).count + facts.count + data.count
    let index = chunk("INDX", big(UInt32(1)) + zeros(6) + zeros(14))
    return [
      Specimen(
        .realMedia, head + chunk("PROP", properties(index: place)) + facts + data + index,
        type: "rm", name: "A walker - A road", verdict: .intact)
    ]
  }()
}
