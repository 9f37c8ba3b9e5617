// SPDX-License-Identifier: Apache-2.0

/// PalmDOC's compression, as far as it tells sizes.
///
///     00, 09 to 7F  itself      01 to 08  so many bytes follow      C0 to FF  a space and a letter
///     80 to BF  with the next byte: 11 bits distance, 3 bits length less 3
///
/// - Source: MobileRead wiki, *PalmDOC*.
enum PalmText {
  /// The size of what comes out; nil where the bytes are none of its.
  static func expandedSize(_ bytes: ArraySlice<UInt8>) -> Int? {
    var decoder = Decoder(bytes)
    while decoder.position < bytes.endIndex {
      guard decoder.step() else { return nil }
    }
    return decoder.size
  }

  /// How many bytes expand to just `size`; nil where none do.
  static func length(of bytes: [UInt8], expandingTo size: Int) -> Int? {
    var decoder = Decoder(bytes[...])
    while decoder.size < size {
      guard decoder.step() else { return nil }
    }
    return decoder.size == size ? decoder.position : nil
  }

  private struct Decoder {
    private let bytes: ArraySlice<UInt8>
    private(set) var position: Int
    private(set) var size = 0

    init(_ bytes: ArraySlice<UInt8>) {
      self.bytes = bytes
      position = bytes.startIndex
    }

    /// Takes one code; false where it is cut short or reaches before the start.
    mutating func step() -> Bool {
      guard position < bytes.endIndex else { return false }
      let byte = bytes[position]
      position += 1
      switch byte {
      case 1...8:
        position += Int(byte)
        size += Int(byte)
        return position <= bytes.endIndex
      case 0x80...0xBF:
        guard position < bytes.endIndex else { return false }
        let pair = Int(byte) << 8 | Int(bytes[position])
        position += 1
        let distance = pair >> 3 & 0x7FF
        guard distance > 0, distance <= size else { return false }
        size += (pair & 7) + 3
      case 0xC0...0xFF: size += 2
      default: size += 1
      }
      return true
    }
  }
}
