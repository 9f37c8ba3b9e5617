// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A number whose first byte tells its width: as many bytes follow as it has leading zero bits.
///
/// - Source: RFC 8794, §4 "Variable-Size Integer".
struct EBMLNumber {
  let value: UInt64
  let isUnknown: Bool
  let end: ByteOffset

  init(_ window: inout Window, at start: ByteOffset) throws {
    let first = try window.byte(at: start)
    let width = first.leadingZeroBitCount + 1
    guard width <= 8 else { throw Malformed("EBML", "a number of too many bytes", at: start) }
    var value = UInt64(first) & (0xFF >> UInt64(clamping: width))
    for index in 1..<max(width, 1) {
      value = value << 8 | UInt64(try window.byte(at: start + ByteCount(clamping: index)))
    }
    self.value = value
    isUnknown = value == (1 << UInt64(clamping: 7 * width)) &- 1
    end = try start + ByteCount(clamping: width)
  }
}
