// SPDX-License-Identifier: Apache-2.0

enum WideText {
  /// Whether little-endian UTF-16 holds no NUL, no half of a pair, and nothing that is no character.
  static func holds(_ bytes: ArraySlice<UInt8>) -> Bool {
    var isPairOpen = false
    for at in stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2) {
      let unit = UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8
      let isLow = (0xDC00...0xDFFF).contains(unit)
      guard unit != 0, unit < 0xFFFE, isLow == isPairOpen else { return false }
      isPairOpen = (0xD800...0xDBFF).contains(unit)
    }
    return !isPairOpen
  }
}
