// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// When a camera recorded an AVCHD stream: in a message among the first pictures, in BCD.
///
/// | Offset | Size | Field | Unit                                                       |
/// |-------:|-----:|-------|------------------------------------------------------------|
/// |   0x00 |    4 | name  | "MDPM"                                                     |
/// |   0x04 |    1 | count | of entries                                                 |
/// |   0x05 |  5×n | entry | tag 0x18: zone, century, year, month; 0x19: day to second  |
///
/// - Source: no specification is public; known from the streams of cameras.
struct RecordingDate {
  private static let farthest: ByteCount = 0x4_0000
  let moment: Timestamp

  init?(in file: Source, end: ByteOffset) throws {
    let bytes = try file.readPrefix(at: 0, count: min(ByteCount(end.rawValue), Self.farthest))
    guard let start = bytes.withSpan({ $0.firstIndex(of: Array("MDPM".utf8)) }) else { return nil }
    var digits: [Int] = []
    for (index, tag) in [UInt8(0x18), 0x19].enumerated() {
      let place = start + 5 + 5 * index
      guard bytes.holds([tag], at: place), let entry = try? bytes.copy(at: place + 1, count: 4)
      else { return nil }
      digits += entry.map { Int($0 >> 4) * 10 + Int($0 & 15) }
    }
    guard
      let moment = Timestamp(
        year: digits[1] * 100 + digits[2], month: digits[3], day: digits[4], hour: digits[5],
        minute: digits[6], second: digits[7])
    else { return nil }
    self.moment = moment
  }
}
