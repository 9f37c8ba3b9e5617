// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Which components and which coefficients a scan holds.
///
/// | Offset | Size | Field           | Unit                                          |
/// |-------:|-----:|-----------------|-----------------------------------------------|
/// |   0x00 |    1 | component count | then two bytes each: id, DC and AC table      |
/// |      … |    1 | first           | coefficient, in zigzag order                  |
/// |      … |    1 | last            | coefficient                                   |
/// |      … |    1 | bit position    | high: of the scan before; low: of this one    |
///
/// - Source: ITU-T T.81 (1992), §B.2.3 "Scan header syntax".
struct JPEGScanHeader {
  let components: [(id: UInt8, dc: Int, ac: Int)]
  let first: Int
  let last: Int
  let high: Int
  let low: Int

  init(parsing bytes: [UInt8]) throws {
    let count = Int(try bytes.little(UInt8.self, at: 0))
    guard (1...4).contains(count), bytes.count == 4 + 2 * count else {
      throw Malformed("JPEG", "an impossible scan header")
    }
    components = (0..<count).map { index in
      let tables = bytes[2 + 2 * index]
      return (bytes[1 + 2 * index], Int(tables >> 4 & 3), Int(tables & 3) + 4)
    }
    first = Int(bytes[1 + 2 * count])
    last = Int(bytes[2 + 2 * count])
    high = Int(bytes[3 + 2 * count] >> 4)
    low = Int(bytes[3 + 2 * count] & 15)
  }
}
