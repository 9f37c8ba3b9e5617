// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The bits of a JPEG XL codestream's headers, the lowest of each byte first, and the numbers made of
/// them.
///
/// - Source: ISO/IEC 18181-1:2024, annex B "Headers", "Field types".
struct JPEGXLBits {
  /// One of the four ways to write a number: so many bits, and what is added to them.
  struct Choice {
    let bits: Int
    let base: UInt64
    init(_ bits: Int = 0, _ base: UInt64 = 0) {
      self.bits = bits
      self.base = base
    }
  }

  private var window: Window
  private var position: ByteOffset
  private var used = 0

  init(_ file: Source, at start: ByteOffset) {
    window = Window(file, span: 4096)
    position = start
  }

  /// A number of at most 32 bits.
  mutating func bits(_ count: Int) throws -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<count {
      let bit = try window.byte(at: position) >> UInt8(used) & 1
      value |= UInt64(bit) << UInt64(index)
      used += 1
      if used == 8 {
        used = 0
        position = try position + 1
      }
    }
    return value
  }

  mutating func flag() throws -> Bool { try bits(1) == 1 }

  /// Passes bits that nothing here depends on.
  mutating func skip(_ count: Int) throws { for _ in 0..<count { _ = try bits(1) } }

  /// A number in one of four ways, `U32` in the specification.
  mutating func number(
    _ first: Choice, _ second: Choice, _ third: Choice, _ fourth: Choice
  ) throws -> UInt64 {
    let choice =
      switch try bits(2) {
      case 0: first
      case 1: second
      case 2: third
      default: fourth
      }
    return try choice.base &+ bits(choice.bits)
  }

  /// A value of an enumeration.
  mutating func enumeration() throws -> UInt64 {
    try number(Choice(0, 0), Choice(0, 1), Choice(4, 2), Choice(6, 18))
  }

  /// A number of up to 64 bits, `U64` in the specification.
  mutating func long() throws -> UInt64 {
    switch try bits(2) {
    case 0: return 0
    case 1: return try 1 &+ bits(4)
    case 2: return try 17 &+ bits(8)
    default: break
    }
    var value = try bits(12)
    var shift: UInt64 = 12
    while try flag() {
      if shift == 60 { return try value | bits(4) << shift }
      value |= try bits(8) << shift
      shift &+= 8
    }
    return value
  }

  /// Extensions are for later versions of the format.
  mutating func refuseExtensions() throws {
    guard try long() == 0 else { throw Malformed("JPEG XL", "unknown extensions", at: position) }
  }

  /// Moves on to a whole byte, and returns where it stands; the bits before it must be zero.
  mutating func align() throws -> ByteOffset {
    if used > 0 {
      guard try bits(8 - used) == 0 else {
        throw Malformed("JPEG XL", "bits where none may be", at: position)
      }
    }
    return position
  }

  /// Moves on by whole bytes.
  mutating func move(by count: ByteCount) throws {
    position = try position + count
    guard position <= window.file.range.upperBound else { throw Truncated() }
  }
}
