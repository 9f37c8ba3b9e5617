// SPDX-License-Identifier: Apache-2.0

import Bytes

/// One part of an OpenEXR file, as its attributes describe it.
struct EXRPart {
  var compression: UInt8 = 0
  var width: UInt64 = 0
  var height: UInt64 = 0
  var isTiled = false
  var isDeep = false
  var tileWidth: UInt64 = 0
  var tileHeight: UInt64 = 0
  /// 0 one level, 1 halved both ways at once, 2 each way by itself.
  var levelMode: UInt8 = 0
  var roundsUp = false
  var stated: UInt64?

  /// The rows in a chunk, by the kind of compression.
  private var chunkRows: UInt64 {
    switch compression {
    case 0, 1, 2: 1
    case 3, 5: 16
    case 4, 6, 7, 8: 32
    case 9: 256
    default: 1
    }
  }

  /// How many chunks it has.
  var count: UInt64 {
    if let stated { return stated }
    if !isTiled { return quotient(height, chunkRows) }
    guard tileWidth > 0, tileHeight > 0 else { return 0 }
    let columns = levels(width)
    let rows = levels(height)
    let together = levels(max(width, height))
    var sum: UInt64 = 0
    switch levelMode {
    case 0: sum = quotient(width, tileWidth) &* quotient(height, tileHeight)
    case 1:
      for level in 0..<together {
        sum &+= quotient(size(width, level), tileWidth) &* quotient(size(height, level), tileHeight)
      }
    default:
      for row in 0..<rows {
        for column in 0..<columns {
          sum &+=
            quotient(size(width, column), tileWidth) &* quotient(size(height, row), tileHeight)
        }
      }
    }
    return sum
  }

  private func quotient(_ number: UInt64, _ divisor: UInt64) -> UInt64 {
    (number &+ divisor &- 1) / max(1, divisor)
  }

  private func size(_ full: UInt64, _ level: UInt64) -> UInt64 {
    max(1, roundsUp ? (full &+ (1 << level) &- 1) >> level : full >> level)
  }

  private func levels(_ full: UInt64) -> UInt64 {
    let floor = UInt64(63 &- max(1, full).leadingZeroBitCount)
    return floor &+ (roundsUp && full.nonzeroBitCount > 1 ? 2 : 1)
  }
}
