// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The samples of a picture that is text.
struct PNMSamples {
  private static let mostBlanks = 4096
  private let header: PNMHeader
  private var window: Window
  private var position: ByteOffset

  init(_ file: Source, _ header: PNMHeader) {
    self.header = header
    window = Window(file)
    position = header.data
  }

  /// Returns where the last sample ends.
  mutating func follow() throws -> ByteOffset {
    for _ in 0..<header.count {
      try skipBlanks()
      var value: UInt64 = 0
      var digits = 0
      while digits < (header.isDigits ? 1 : 6), let digit = try digit() {
        value = value &* 10 &+ digit
        digits += 1
        position = try position + 1
      }
      guard digits > 0, value <= header.maximum else {
        throw Malformed("PNM", "no sample where one must stand", at: position)
      }
    }
    return position
  }

  /// The digit here; nil for another byte, or the end of the file behind the last one.
  private mutating func digit() throws -> UInt64? {
    guard position < window.file.range.upperBound else { return nil }
    let byte = try window.byte(at: position)
    return (0x30...0x39).contains(byte) ? UInt64(byte &- 0x30) : nil
  }

  private mutating func skipBlanks() throws {
    for _ in 0..<Self.mostBlanks {
      guard PNMText.isBlank(try window.byte(at: position)) else { return }
      position = try position + 1
    }
  }
}
