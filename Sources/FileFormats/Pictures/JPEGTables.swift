// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The Huffman and quantisation tables in force, and the restart interval.
///
/// Codes of all eight Huffman tables lie in flat arrays, so that decoding touches no reference
/// counts: slot 0 to 3 for DC, 4 to 7 for AC.
///
/// - Source: ITU-T T.81 (1992), §B.2.4 "Table-specification", §F.2.2.3 "The DECODE procedure".
struct JPEGTables {
  static let fastBits = 9
  /// Length and symbol of the code that starts with these nine bits; 0 where it is longer.
  private(set) var fast = [UInt16](repeating: 0, count: 8 << fastBits)
  /// The first code that is longer than this many bits, left-aligned to 16 bits.
  private(set) var limits = [UInt32](repeating: 0, count: 8 * 18)
  /// What to add to a code of this length to get its symbol's place.
  private(set) var shifts = [Int](repeating: 0, count: 8 * 18)
  private(set) var symbols = [UInt8](repeating: 0, count: 8 * 256)
  private(set) var isDefined = [Bool](repeating: false, count: 8)
  /// The step of the DC coefficient of each quantisation table.
  private(set) var steps = [Int](repeating: 1, count: 4)
  /// Units between restart markers; 0 for none.
  var restartInterval = 0

  /// Reads a segment of Huffman tables.
  mutating func defineCodes(_ bytes: [UInt8], at offset: ByteOffset) throws {
    var index = 0
    while index < bytes.count {
      let target = try bytes.little(UInt8.self, at: index)
      let counts = try bytes.copy(at: index + 1, count: 16).map(Int.init)
      let total = counts.reduce(0, +)
      guard target & 0x0F < 4, target >> 4 < 2, total <= 256 else {
        throw Malformed("JPEG", "an impossible Huffman table", at: offset)
      }
      let values = try bytes.copy(at: index + 17, count: total)
      try build(slot: Int(target >> 4) * 4 + Int(target & 3), counts, values, at: offset)
      index += 17 + total
    }
  }

  private mutating func build(
    slot: Int, _ counts: [Int], _ values: [UInt8], at offset: ByteOffset
  ) throws(Malformed) {
    let base = slot << Self.fastBits
    for index in 0..<(1 << Self.fastBits) { fast[base + index] = 0 }
    for (index, value) in values.enumerated() { symbols[slot * 256 + index] = value }
    var code = 0
    var place = 0
    for length in 1...16 {
      shifts[slot * 18 + length] = place - code
      guard code + counts[length - 1] <= 1 << length else {
        throw Malformed("JPEG", "a Huffman table with too many codes", at: offset)
      }
      for _ in 0..<counts[length - 1] {
        if length <= Self.fastBits { fill(base, code, length, values[place]) }
        code += 1
        place += 1
      }
      limits[slot * 18 + length] = UInt32(code << (16 - length))
      code <<= 1
    }
    limits[slot * 18 + 17] = .max
    isDefined[slot] = true
  }

  private mutating func fill(_ base: Int, _ code: Int, _ length: Int, _ value: UInt8) {
    let free = Self.fastBits - length
    for index in 0..<(1 << free) {
      fast[base + (code << free) + index] = UInt16(length) << 8 | UInt16(value)
    }
  }

  /// Reads a segment of quantisation tables, of which only the first step is of use here.
  mutating func defineSteps(_ bytes: [UInt8], at offset: ByteOffset) throws {
    var index = 0
    while index < bytes.count {
      let target = try bytes.little(UInt8.self, at: index)
      let isWide = target >> 4 == 1
      guard target & 0x0F < 4, target >> 4 < 2 else {
        throw Malformed("JPEG", "an impossible quantisation table", at: offset)
      }
      steps[Int(target & 3)] =
        try isWide
        ? Int(bytes.big(UInt16.self, at: index + 1)) : Int(bytes.little(UInt8.self, at: index + 1))
      index += isWide ? 129 : 65
      guard index <= bytes.count else { throw Truncated() }
    }
  }
}
