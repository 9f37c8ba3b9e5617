// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum MXFSpecimens {
  private static let label: [UInt8] = [0x06, 0x0E, 0x2B, 0x34]

  private static func packet(_ key: [UInt8], _ value: [UInt8]) -> [UInt8] {
    label + key + [0x83] + big(UInt32(value.count)).dropFirst() + value
  }

  private static func partition(_ kind: UInt8, at place: Int, footer: Int) -> [UInt8] {
    packet(
      [2, 5, 1, 1, 0x0D, 1, 2, 1, 1, kind, 4, 0],
      [0, 1, 0, 3] + big(UInt32(1)) + big(UInt64(place)) + big(UInt64(0)) + big(UInt64(footer))
        + zeros(48) + big(UInt32(0)) + big(UInt32(16)))
  }

  private static func set(_ number: UInt8, _ fields: [(UInt16, [UInt8])]) -> [UInt8] {
    packet(
      [2, 0x53, 1, 1, 0x0D, 1, 1, 1, 1, 1, number, 0],
      fields.flatMap { big($0.0) + big(UInt16($0.1.count)) + $0.1 })
  }

  private static func file(hasIndex: Bool) -> [UInt8] {
    let date: [UInt8] = [0x07, 0xE8, 2, 3, 4, 5, 6, 0]
    let content =
      set(0x2F, [(0x3B02, date)])
      + set(0x36, [(0x4402, "A tree".utf16.flatMap { big($0) }), (0x4405, date)])
      + packet([1, 2, 1, 1, 0x0D, 1, 3, 1, 0x15, 1, 5, 0], junk(900))
    let footer = partition(2, at: 0, footer: 0).count + content.count
    let index = big(UInt32(1)) + big(UInt64(0)) + big(UInt32(0)) + big(UInt64(footer))
    return partition(2, at: 0, footer: footer) + content + partition(4, at: footer, footer: footer)
      + (hasIndex
        ? packet([2, 5, 1, 1, 0x0D, 1, 2, 1, 1, 0x11, 1, 0], index + big(UInt32(48))) : [])
  }

  static let all: [Specimen] = {
    let date = Timestamp(year: 2024, month: 2, day: 3, hour: 4, minute: 5, second: 6)
    return [
      Specimen(
        .mxf, file(hasIndex: true), name: "A tree", date: date, verdict: .intact,
        wholeCuts: []),
      Specimen(.mxf, file(hasIndex: false), label: "without index", verdict: .probable),
    ]
  }()
}
