// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The bits of an LZX stream: words of 16, little-endian, the highest bit first.
struct LZXBits {
  private let bytes: [UInt8]
  /// What was not fetched yet.
  private var position = 0
  /// The bits that come next, the first one on top; zeros behind the last.
  private var buffer: UInt32 = 0
  private var available = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next `count` bits, at most 16.
  mutating func take(_ count: Int) throws(Truncated) -> Int {
    guard count > 0 else { return 0 }
    fetch()
    let value = Int(buffer >> UInt32(32 - count))
    try drop(count)
    return value
  }

  /// The next symbol of a code; throws where there is none, or the bytes end.
  mutating func symbol(_ code: HuffmanCode) throws(Truncated) -> Int {
    fetch()
    guard let (symbol, length) = code.symbol(buffer >> 16) else { throw Truncated() }
    try drop(length)
    return symbol
  }

  /// Goes on at a whole word: not at the one that comes next anyway, but behind it.
  mutating func align() throws(Truncated) {
    fetch()
    guard available > 0 else { throw Truncated() }
    let rest = available % 16
    position -= (available - (rest == 0 ? 16 : rest)) / 8
    available = 0
    buffer = 0
  }

  /// Bytes between the words; only where they are aligned.
  mutating func bytes(_ count: Int) throws(Truncated) -> [UInt8] {
    let result = try bytes.copy(at: position, count: count)
    position += count
    return result
  }

  private mutating func fetch() {
    while available <= 16, let word = try? bytes.little(UInt16.self, at: position) {
      buffer |= UInt32(word) << UInt32(16 - available)
      available += 16
      position += 2
    }
  }

  private mutating func drop(_ count: Int) throws(Truncated) {
    guard count <= available else { throw Truncated() }
    buffer <<= UInt32(count)
    available -= count
  }
}
