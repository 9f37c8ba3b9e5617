// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The words of a Netpbm header.
struct PNMText {
  let bytes: [UInt8]
  var index: Int

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }

  private func byte() throws -> UInt8 { try bytes.little(UInt8.self, at: index) }

  /// One blank.
  mutating func blank() throws {
    guard Self.isBlank(try byte()) else { throw Malformed("PNM", "no blank") }
    index += 1
  }

  /// The next word, behind blanks and comments.
  mutating func word() throws -> String {
    try blank()
    while true {
      if try byte() == 0x23 {
        while try byte() != 0x0A { index += 1 }
      } else if Self.isBlank(try byte()) {
        index += 1
      } else {
        break
      }
    }
    let start = index
    while !Self.isBlank(try byte()), index - start < 64 { index += 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  mutating func number() throws -> UInt64 {
    let word = try word()
    guard word.utf8.count <= 7, word.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let value = UInt64(word)
    else { throw Malformed("PNM", "no number where one must stand") }
    return value
  }

  /// The scale of a floating-point picture, whose sign tells the byte order.
  mutating func scale() throws {
    let word = try word()
    guard
      word.utf8.allSatisfy({ (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x65].contains($0) })
    else { throw Malformed("PNM", "no scale where one must stand") }
  }

  /// The lines of an arbitrary map up to the last; `index` is then where the samples start.
  mutating func fields() throws -> (UInt64, UInt64, UInt64, UInt64) {
    var values: [String: UInt64] = [:]
    for _ in 0..<64 {
      switch try word() {
      case let key where ["WIDTH", "HEIGHT", "DEPTH", "MAXVAL"].contains(key):
        values[key] = try number()
      case "TUPLTYPE": _ = try word()
      case "ENDHDR":
        try blank()
        return (
          values["WIDTH"] ?? 0, values["HEIGHT"] ?? 0, values["DEPTH"] ?? 0, values["MAXVAL"] ?? 0
        )
      default: throw Malformed("PNM", "an unknown field")
      }
    }
    throw Malformed("PNM", "too many fields")
  }
}
