// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Macintosh run-length coding, followed and not kept: n below 128 stands for n + 1 bytes as they
/// are, n above for 257 - n times the next one, 128 for nothing.
///
/// - Source: Apple, *Technical Note TN1023, Understanding PackBits*; Electronic Arts, *ILBM*, "ByteRun1".
enum PackBits {
  /// Where the codes end that stand for exactly `count` bytes; throws `Malformed` where a run goes on.
  static func end(
    _ window: inout Window, from start: ByteOffset, count: UInt64
  ) throws -> ByteOffset {
    var position = start
    var left = count
    while left > 0 {
      let lead = try window.byte(at: position)
      if lead == 128 {
        position = try position + 1
        continue
      }
      let length = lead < 128 ? UInt64(lead) &+ 1 : 257 &- UInt64(lead)
      guard length <= left else {
        throw Malformed("PackBits", "a run leaves its row", at: position)
      }
      left &-= length
      position = try position + (lead < 128 ? ByteCount(length &+ 1) : 2)
    }
    return position
  }

  /// Checks that the codes of one row, which take up `length` bytes, stand for `count` bytes.
  static func check(
    _ window: inout Window, row: Range<ByteOffset>, count: UInt64
  ) throws {
    var end = try end(&window, from: row.lowerBound, count: count)
    // Some writers fill a row up with codes for nothing.
    while end < row.upperBound, try window.byte(at: end) == 128 { end = try end + 1 }
    guard end == row.upperBound else {
      throw Malformed("PackBits", "a row is not as long as stated", at: row.lowerBound)
    }
  }
}
