// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum TIFFSpecimens {
  static let all: [Specimen] = [picture(isBig: false), picture(isBig: true)]

  /// A plain grey picture of two strips behind its directory, in either byte order.
  private static func picture(isBig: Bool) -> Specimen {
    func short(_ value: UInt16) -> [UInt8] { isBig ? big(value) : little(value) }
    func long(_ value: UInt32) -> [UInt8] { isBig ? big(value) : little(value) }
    func entry(_ tag: UInt16, _ type: UInt16, _ count: UInt32, _ value: [UInt8]) -> [UInt8] {
      short(tag) + short(type) + long(count) + value + zeros(4 - value.count)
    }
    let (strips, counts, camera, date) = (UInt32(158), UInt32(166), UInt32(174), UInt32(182))
    let entries = [
      entry(0x0100, 3, 1, short(40)), entry(0x0101, 3, 1, short(20)), entry(0x0102, 3, 1, short(8)),
      entry(0x0103, 3, 1, short(1)), entry(0x0106, 3, 1, short(1)),
      entry(0x0110, 2, 8, long(camera)),
      entry(0x0111, 4, 2, long(strips)), entry(0x0115, 3, 1, short(1)),
      entry(0x0116, 3, 1, short(10)), entry(0x0117, 4, 2, long(counts)),
      entry(0x0132, 2, 20, long(date)), entry(0x011C, 3, 1, short(1)),
    ].sorted {
      Array($0[..<2]).lexicographicallyPrecedes(Array($1[..<2])) || !isBig && $0[0] < $1[0]
    }
    let head = (isBig ? ascii("MM") : ascii("II")) + short(42) + long(8)
    let directory = short(12) + entries.flatMap { $0 } + long(0)
    let values =
      long(202) + long(602) + long(400) + long(400) + ascii("Boxy 2", padTo: 8)
      + ascii("2020:02:03 04:05:06", padTo: 20)
    return Specimen(
      .tiff, head + directory + values + junk(800), label: isBig ? "big-endian" : "little-endian",
      name: "Boxy 2", date: Timestamp(year: 2020, month: 2, day: 3, hour: 4, minute: 5, second: 6),
      verdict: .intact, boundaries: [8, 158, 202, 602])
  }
}
