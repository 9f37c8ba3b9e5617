// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Writes the compact form in which a case keeps lists: numbers of 7 bits a byte, lowest first.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  init() {}

  mutating func put(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  mutating func put(_ text: String) { put(Array(text.utf8)) }

  mutating func put(_ block: [UInt8]) {
    put(UInt64(clamping: block.count))
    bytes += block
  }
}

/// Reads what `ByteWriter` wrote; throws `Truncated` or `Malformed` on anything else.
struct ByteReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func number() throws -> UInt64 {
    var result: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { throw Truncated() }
      let part = UInt64(byte & 0x7F)
      guard shift < 63 || part <= 1 else { break }
      result |= part << shift
      if byte < 0x80 { return result }
    }
    throw Malformed("case record", "a number is too long")
  }

  mutating func number32() throws -> UInt32 {
    guard let number = UInt32(exactly: try number()) else {
      throw Malformed("case record", "a number is too large")
    }
    return number
  }

  mutating func block() throws -> [UInt8] {
    let count = try number()
    guard count <= UInt64(clamping: rest.count) else { throw Truncated() }
    let block = Array(rest.prefix(Int(clamping: count)))
    rest = rest.dropFirst(block.count)
    return block
  }

  mutating func text() throws -> String { String(decoding: try block(), as: UTF8.self) }
}
