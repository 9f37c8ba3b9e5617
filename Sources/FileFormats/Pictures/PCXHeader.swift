// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The header of a PCX picture.
struct PCXHeader {
  let rowLength: UInt64
  let planes: UInt64
  let height: UInt64
  let hasPalette: Bool

  init(parsing head: [UInt8]) throws {
    let version = try head.little(UInt8.self, at: 1)
    let depth = UInt64(try head.little(UInt8.self, at: 3))
    let left = try head.little(UInt16.self, at: 4)
    let top = try head.little(UInt16.self, at: 6)
    let right = try head.little(UInt16.self, at: 8)
    let bottom = try head.little(UInt16.self, at: 10)
    planes = UInt64(try head.little(UInt8.self, at: 65))
    rowLength = UInt64(try head.little(UInt16.self, at: 66))
    guard head.first == 0x0A, version <= 5, version != 1, head[2] == 1,
      [1, 2, 4, 8].contains(depth), right >= left, bottom >= top, (1...4).contains(planes)
    else { throw Malformed("PCX", "an impossible header") }
    height = UInt64(bottom) &- UInt64(top) &+ 1
    let least = ((UInt64(right) &- UInt64(left) &+ 1) &* depth &+ 7) / 8
    guard rowLength >= least, rowLength <= least &+ 64, least > 1 || height > 1 else {
      throw Malformed("PCX", "rows of \(rowLength) bytes", at: 66)
    }
    hasPalette = version == 5 && depth == 8 && planes == 1
  }
}
