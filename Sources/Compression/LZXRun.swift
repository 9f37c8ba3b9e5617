// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The LZX decoder at work on one piece.
struct LZXRun {
  private enum Problem: Error { case corrupt }

  private enum Block {
    static let verbatim = 1
    static let aligned = 2
    static let stored = 3
  }

  private static let literals = 256
  /// Kinds of distances that a window of 32 KiB has.
  private static let slots = 30
  /// Of a match, what the main code does not tell of its length.
  private static let lengthSymbols = 249
  private static let shortest = 2
  private static let defaultBlock = 0x8000

  private(set) var output: [UInt8] = []
  private let size: Int
  private var bits: LZXBits
  private var mainLengths = [UInt8](repeating: 0, count: literals + 8 * slots)
  private var lengthLengths = [UInt8](repeating: 0, count: lengthSymbols)
  /// The last three distances, the latest first.
  private var recent = [1, 1, 1]

  init(_ bytes: [UInt8], size: Int) {
    bits = LZXBits(bytes)
    self.size = size
    output.reserveCapacity(size)
  }

  /// Fills the output up to its size, or throws.
  mutating func unpack() throws {
    while output.count < size {
      let kind = try bits.take(3)
      let count = try bits.take(1) == 1 ? Self.defaultBlock : try bits.take(16)
      guard count > 0, count <= size - output.count else { throw Problem.corrupt }
      switch kind {
      case Block.verbatim, Block.aligned: try coded(count, isAligned: kind == Block.aligned)
      case Block.stored: try stored(count)
      default: throw Problem.corrupt
      }
    }
  }

  private mutating func stored(_ count: Int) throws {
    try bits.align()
    for index in 0..<3 {
      let distance = try bits.bytes(4).little(UInt32.self, at: 0)
      recent[index] = Int(distance)
    }
    output += try bits.bytes(count)
    if count % 2 == 1, output.count < size { _ = try bits.bytes(1) }
  }

  private mutating func coded(_ count: Int, isAligned: Bool) throws {
    let low = isAligned ? try code((0..<8).map { _ in UInt8(try bits.take(3)) }) : nil
    mainLengths = try updated(mainLengths, 0..<Self.literals)
    mainLengths = try updated(mainLengths, Self.literals..<mainLengths.count)
    let main = try code(mainLengths)
    lengthLengths = try updated(lengthLengths, 0..<Self.lengthSymbols)
    let lengths = try code(lengthLengths)
    let end = output.count + count
    while output.count < end {
      let symbol = try bits.symbol(main)
      if symbol < Self.literals {
        output.append(UInt8(truncatingIfNeeded: symbol))
        continue
      }
      var length = symbol & 7
      if length == 7 { length += try bits.symbol(lengths) }
      length += Self.shortest
      let distance = try distance((symbol - Self.literals) >> 3, low)
      guard distance > 0, distance <= output.count, length <= end - output.count else {
        throw Problem.corrupt
      }
      // One by one: a copy may reach into itself.
      let start = output.count - distance
      for index in start..<start + length { output.append(output[index]) }
    }
  }

  /// The distance of a match: of the last three, or a slot's first one and some bits, of which an
  /// aligned block has the lowest three in a code of their own.
  private mutating func distance(_ slot: Int, _ low: HuffmanCode?) throws -> Int {
    if slot < 3 {
      recent.swapAt(0, slot)
      return recent[0]
    }
    let extra = slot < 4 ? 0 : slot / 2 - 1
    var value = slot < 4 ? slot : (2 + slot % 2) << extra
    if let low, extra >= 3 {
      value += try bits.take(extra - 3) << 3
      value += try bits.symbol(low)
    } else {
      value += try bits.take(extra)
    }
    recent = [value - 2, recent[0], recent[1]]
    return recent[0]
  }

  /// Lengths of codes: those of the block before, less what a code of their own says, modulo 17.
  ///
  ///     17: 4 + 4 bits of zeros    18: 20 + 5 bits of zeros
  ///     19: 4 + 1 bit of the same, which the next symbol tells
  private mutating func updated(_ former: [UInt8], _ range: Range<Int>) throws -> [UInt8] {
    var lengths = former
    let own = try code((0..<20).map { _ in UInt8(try bits.take(4)) })
    var at = range.lowerBound
    while at < range.upperBound {
      var symbol = try bits.symbol(own)
      var count = 1
      var length: UInt8 = 0
      switch symbol {
      case 17: count = 4 + (try bits.take(4))
      case 18: count = 20 + (try bits.take(5))
      default:
        if symbol == 19 {
          count = 4 + (try bits.take(1))
          symbol = try bits.symbol(own)
        }
        guard symbol <= 16 else { throw Problem.corrupt }
        length = UInt8((Int(lengths[at]) + 17 - symbol) % 17)
      }
      for index in at..<min(at + count, range.upperBound) { lengths[index] = length }
      at += count
    }
    return lengths
  }

  private func code(_ lengths: [UInt8]) throws -> HuffmanCode {
    guard let code = HuffmanCode(lengths: lengths) else { throw Problem.corrupt }
    return code
  }
}
