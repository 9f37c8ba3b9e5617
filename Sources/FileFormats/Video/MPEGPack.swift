// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The head of a pack of an MPEG program stream.
///
/// | Offset | Size | Field      | Unit                                                   |
/// |-------:|-----:|------------|--------------------------------------------------------|
/// |   0x00 |    4 | start code | 00 00 01 BA                                            |
/// |   0x04 |  5/6 | clock      | 33 bits of 1/90000 s, with markers between; MPEG-2: 6  |
/// |      … |    3 | rate       | MPEG-2: a byte behind counts stuffing in its low bits  |
///
/// - Source: ISO/IEC 13818-1:2019, §2.5.3.3 "Pack layer"; ISO/IEC 11172-1:1993, §2.4.3.2.
struct MPEGPack {
  static let longest = 21
  static let startCode: [UInt8] = [0, 0, 1, 0xBA]
  static let systemHeader: [UInt8] = [0, 0, 1, 0xBB]

  let length: Int
  /// In 1/90000 s.
  let clock: UInt64
  /// The block number in the navigation pack of a DVD.
  let block: UInt32?
  let isFollowedBySystemHeader: Bool

  /// Reads a pack's head, and what follows it at once; nil where none stands.
  init?(_ bytes: RawSpan) {
    guard bytes.holds(Self.startCode, at: 0), let word = try? bytes.big(UInt64.self, at: 4),
      let last = try? bytes.little(UInt8.self, at: 13)
    else { return nil }
    let byte = { (index: UInt64) in word >> (56 &- 8 &* index) & 0xFF }
    if byte(0) & 0xC4 == 0x44 {
      guard byte(2) & 4 == 4, byte(4) & 4 == 4, byte(5) & 1 == 1 else { return nil }
      length = 14 + Int(last & 7)
      clock =
        (byte(0) >> 3 & 7) << 30 | (byte(0) & 3) << 28 | byte(1) << 20 | (byte(2) >> 3) << 15
        | (byte(2) & 3) << 13 | byte(3) << 5 | byte(4) >> 3
    } else {
      guard byte(0) & 0xF1 == 0x21, byte(2) & 1 == 1, byte(4) & 1 == 1, byte(5) & 0x80 == 0x80
      else { return nil }
      length = 12
      clock =
        (byte(0) >> 1 & 7) << 30 | byte(1) << 22 | (byte(2) >> 1) << 15 | byte(3) << 7
        | byte(4) >> 1
    }
    isFollowedBySystemHeader = bytes.holds(Self.systemHeader, at: length)
    // The system header of a DVD has 18 bytes, its control data 980.
    let isNavigation =
      length == 14 && bytes.holds([0, 0, 1, 0xBF, 0x03, 0xD4, 0], at: 0x26)
    block = isNavigation ? try? bytes.big(UInt32.self, at: 0x2D) : nil
  }
}
