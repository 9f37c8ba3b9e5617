// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How the packets of a transport stream lie: every 188 bytes, or every 192 with four in front.
struct TransportLayout {
  private static let lookAhead = 24
  let stride: Int
  let offset: Int

  /// Goes by the first bytes of a file; nil where packets do not follow one another.
  init?(_ bytes: RawSpan) {
    for (stride, offset) in [(188, 0), (192, 4)] {
      let places = Swift.stride(from: offset, to: bytes.byteCount, by: stride)
        .prefix(Self.lookAhead)
      // The file may be shorter than what lies at hand.
      let count = places.prefix { (try? bytes.little(UInt8.self, at: $0)) == TransportPacket.sync }
        .count
      if count >= 3 {
        (self.stride, self.offset) = (stride, offset)
        return
      }
    }
    return nil
  }
}
