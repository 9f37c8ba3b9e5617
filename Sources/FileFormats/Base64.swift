// SPDX-License-Identifier: Apache-2.0

/// Bytes as text of 64 characters, read line by line; what it decodes to is handed on.
///
/// - Source: RFC 4648, §4 "Base 64 Encoding".
struct Base64 {
  private var bits: UInt32 = 0
  private var pending = 0
  private var padding = 0
  /// How many bytes were decoded.
  private(set) var count: UInt64 = 0

  /// Whether the text may end here: no group is half full.
  var isComplete: Bool { pending == 0 }

  /// Reads a line; false where it is no such text.
  mutating func read(_ line: some Sequence<UInt8>, _ body: (UInt8) -> Void = { _ in }) -> Bool {
    var isBehindBlank = false
    for character in line {
      if character == 0x20 || character == 0x09 {
        isBehindBlank = true
        continue
      }
      // Blanks within a line are not written, but by those who write words.
      if isBehindBlank { return false }
      if character == 0x3D {
        padding += 1
        guard pending >= 2, padding <= 2 else { return false }
        if pending + padding == 4 { finish(body) }
        continue
      }
      guard padding == 0, let value = Self.value(character) else { return false }
      bits = bits << 6 | value
      pending += 1
      if pending == 4 { finish(body) }
    }
    return true
  }

  private mutating func finish(_ body: (UInt8) -> Void) {
    let group = bits << (6 * UInt32(4 - pending))
    for place in 0..<(pending - 1) {
      body(UInt8(truncatingIfNeeded: group >> (16 - 8 * UInt32(place))))
    }
    count &+= UInt64(pending - 1)
    bits = 0
    pending = 0
  }

  private static func value(_ character: UInt8) -> UInt32? {
    switch character {
    case 0x41...0x5A: UInt32(character) &- 0x41
    case 0x61...0x7A: UInt32(character) &- 0x47
    case 0x30...0x39: UInt32(character) &+ 4
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
  }
}
