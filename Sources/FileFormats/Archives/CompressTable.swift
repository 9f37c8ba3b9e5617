// SPDX-License-Identifier: Apache-2.0

/// The texts that LZW codes stand for, each one a known text and a byte.
struct CompressTable {
  /// The first byte of each text.
  private var firstBytes: [UInt8]
  /// A bit for each text and byte that make another text.
  private var known: [UInt64]
  private var pairs: [Int] = []
  private var free = 256
  private var start = 256

  /// - Parameter count: how many codes there may be, at least 512.
  init(count: Int) {
    firstBytes = [UInt8](repeating: 0, count: count)
    known = [UInt64](repeating: 0, count: count * 4)
    for byte in 0..<256 { firstBytes[byte] = UInt8(byte) }
  }

  /// The first code that is free for a text.
  mutating func begin(at code: Int) {
    start = code
    free = code
  }

  mutating func clear() {
    for pair in pairs { known[pair >> 6] = 0 }
    pairs = []
    free = start
  }

  /// Whether the next entry needs longer codes than these.
  func isFull(width: Int) -> Bool { free > (1 << width) - 1 }

  /// Adds the text of `last` and the first byte of the text of `code`; false where a writer would have
  /// had that text already, or where `code` stands for none.
  mutating func add(_ code: Int, after last: Int, most: Int) -> Bool {
    let isNew = code == free && free < most
    guard code < free || isNew, code < 256 || code >= start else { return false }
    let byte = firstBytes[isNew ? last : code]
    let pair = last << 8 | Int(byte)
    guard known[pair >> 6] >> UInt64(pair & 63) & 1 == 0 else { return false }
    guard free < most else { return true }
    known[pair >> 6] |= 1 << UInt64(pair & 63)
    pairs.append(pair)
    firstBytes[free] = firstBytes[last]
    free += 1
    return true
  }
}
