// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Writes JSON by hand, in a stable order: documents are long, and streamed.
struct JSONText {
  private(set) var bytes: [UInt8] = []
  private var isFirst = true

  init() {}

  mutating func open(_ bracket: Character) {
    separate()
    bytes += Array(String(bracket).utf8)
    isFirst = true
  }

  mutating func close(_ bracket: Character) {
    bytes += Array(String(bracket).utf8)
    isFirst = false
  }

  private mutating func separate() {
    if !isFirst { bytes.append(0x2C) }
    isFirst = true
  }

  /// A key: a value or an opening bracket must follow.
  mutating func key(_ name: StaticString) {
    separate()
    bytes.append(0x22)
    bytes += Array(name.description.utf8)
    bytes += [0x22, 0x3A]
  }

  mutating func value(_ text: String) {
    separate()
    bytes.append(0x22)
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: bytes += [0x5C, 0x22]
      case 0x5C: bytes += [0x5C, 0x5C]
      // What moves a cursor or turns text around is told by number.
      case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069:
        bytes += Array("\\u".utf8) + Self.hexadecimal(UInt8(truncatingIfNeeded: scalar.value >> 8))
        bytes += Self.hexadecimal(UInt8(truncatingIfNeeded: scalar.value))
      default: bytes += Array(String(scalar).utf8)
      }
    }
    bytes.append(0x22)
    isFirst = false
  }

  mutating func value(_ number: UInt64) { raw(String(number)) }
  mutating func value(_ number: Int) { raw(String(number)) }
  /// A number that is finite.
  mutating func value(_ number: Double) { raw("\(number)") }
  mutating func value(_ flag: Bool) { raw(flag ? "true" : "false") }

  private mutating func raw(_ text: String) {
    separate()
    bytes += Array(text.utf8)
    isFirst = false
  }

  /// White space for the eye: it changes nothing.
  mutating func newLine() { bytes.append(0x0A) }

  /// Hands over what was written so far.
  mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  private static func hexadecimal(_ byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }
}

extension JSONText {
  mutating func field(_ name: StaticString, _ text: String) {
    key(name)
    value(text)
  }

  mutating func field(_ name: StaticString, _ number: UInt64) {
    key(name)
    value(number)
  }

  mutating func field(_ name: StaticString, _ number: Int) {
    key(name)
    value(number)
  }

  mutating func field(_ name: StaticString, _ number: Double) {
    key(name)
    value(number)
  }

  mutating func field(_ name: StaticString, _ flag: Bool) {
    key(name)
    value(flag)
  }

  mutating func field(_ name: StaticString, _ moment: Timestamp?) {
    guard let moment else { return }
    field(name, CivilTime(moment).iso)
  }

  mutating func ranges(_ name: StaticString, _ ranges: [Range<ByteOffset>]) {
    key(name)
    open("[")
    for range in ranges {
      open("{")
      field("start", range.lowerBound.rawValue)
      field("length", range.length.rawValue)
      close("}")
    }
    close("]")
  }
}
