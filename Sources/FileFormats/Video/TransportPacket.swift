// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A packet of an MPEG transport stream.
///
/// | Offset | Size | Field      | Unit                                                        |
/// |-------:|-----:|------------|-------------------------------------------------------------|
/// |   0x00 |    1 | sync       | 0x47                                                        |
/// |   0x01 |    2 | stream     | 13 bits; above them: error, start of a unit, priority       |
/// |   0x03 |    1 | control    | scrambling, adaptation field, payload; 4 bits of continuity |
/// |   0x04 |    … | adaptation | length, flags, more; then the payload                       |
///
/// - Source: ISO/IEC 13818-1:2019, §2.4.3 "Transport stream".
struct TransportPacket {
  static let length = 188
  static let sync: UInt8 = 0x47
  /// The stream of filler.
  static let filler: UInt16 = 0x1FFF

  let stream: UInt16
  let startsUnit: Bool
  let hasPayload: Bool
  let continuity: UInt8
  let isDiscontinuous: Bool
  /// Where its payload starts, from the packet's start.
  let payload: Int

  /// Reads a packet at `start`; nil where none stands.
  init?(_ bytes: RawSpan, at start: Int) {
    guard let head = try? bytes.big(UInt32.self, at: start), head >> 24 == UInt32(Self.sync),
      head & 0x80_0000 == 0, head & 0x30 != 0
    else { return nil }
    stream = UInt16(truncatingIfNeeded: head >> 8 & 0x1FFF)
    startsUnit = head & 0x40_0000 != 0
    hasPayload = head & 0x10 != 0
    continuity = UInt8(truncatingIfNeeded: head & 15)
    guard head & 0x20 != 0 else {
      isDiscontinuous = false
      payload = 4
      return
    }
    guard let length = try? bytes.little(UInt8.self, at: start + 4),
      length <= (hasPayload ? 182 : 183)
    else { return nil }
    let flags = (try? bytes.little(UInt8.self, at: start + 5)) ?? 0
    isDiscontinuous = length > 0 && flags & 0x80 != 0
    payload = 5 + Int(length)
  }
}
