// SPDX-License-Identifier: Apache-2.0

/// A hexadecimal digit in either case.
enum HexDigit {
  /// Its value; nil for another character.
  static func value(_ character: UInt32) -> UInt32? {
    switch character {
    case 0x30...0x39: character &- 0x30
    case 0x41...0x46: character &- 0x37
    case 0x61...0x66: character &- 0x57
    default: nil
    }
  }
}
