// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The headers of a JPEG XL codestream in front of its frames, as far as the frames depend on them.
///
/// - Source: ISO/IEC 18181-1:2024, annex D "Image header".
struct JPEGXLMetadata {
  private typealias Choice = JPEGXLBits.Choice

  private(set) var width: UInt64
  private(set) var height: UInt64
  private(set) var isXYB = true
  private(set) var extraChannels = 0
  private(set) var hasPreview = false
  private(set) var hasAnimation = false
  private(set) var hasTimecodes = false

  /// Reads the headers, whose bits begin behind the start mark. Throws `Malformed` where no picture can
  /// be so, and for a colour profile inside, which would have to be decoded.
  init(_ bits: inout JPEGXLBits) throws {
    (width, height) = try Self.size(&bits)
    guard (1...0x4_0000).contains(width), (1...0x4_0000).contains(height) else {
      throw Malformed("JPEG XL", "an impossible size")
    }
    if try !bits.flag() { try readFields(&bits) }
    if try !bits.flag() { try Self.skipTransform(&bits, isXYB: isXYB) }
  }

  private static func size(_ bits: inout JPEGXLBits) throws -> (UInt64, UInt64) {
    let isSmall = try bits.flag()
    let height = try side(&bits, isSmall)
    let ratio = try bits.bits(3)
    let ratios: [(UInt64, UInt64)] = [
      (1, 1), (1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1),
    ]
    if ratio == 0 { return (try side(&bits, isSmall), height) }
    let (above, below) = ratios[Int(clamping: ratio)]
    return (height &* above / below, height)
  }

  private static func side(_ bits: inout JPEGXLBits, _ isSmall: Bool) throws -> UInt64 {
    if isSmall { return try (bits.bits(5) &+ 1) &* 8 }
    return try bits.number(Choice(9, 1), Choice(13, 1), Choice(18, 1), Choice(30, 1))
  }

  private mutating func readFields(_ bits: inout JPEGXLBits) throws {
    let hasMore = try bits.flag()
    if hasMore {
      try bits.skip(3)
      if try bits.flag() { _ = try Self.size(&bits) }
      hasPreview = try bits.flag()
      guard !hasPreview else { throw Malformed("JPEG XL", "a preview") }
      hasAnimation = try bits.flag()
      if hasAnimation {
        _ = try bits.number(Choice(0, 100), Choice(0, 1000), Choice(10, 1), Choice(30, 1))
        _ = try bits.number(Choice(0, 1), Choice(0, 1001), Choice(8, 1), Choice(10, 1))
        _ = try bits.number(Choice(), Choice(3), Choice(16), Choice(32))
        hasTimecodes = try bits.flag()
      }
    }
    try Self.checkDepth(&bits)
    try bits.skip(1)
    extraChannels = Int(
      clamping: try bits.number(Choice(0, 0), Choice(0, 1), Choice(4, 2), Choice(12, 1)))
    guard extraChannels <= 32 else { throw Malformed("JPEG XL", "too many channels") }
    for _ in 0..<extraChannels { try Self.skipChannel(&bits) }
    isXYB = try bits.flag()
    if try !bits.flag() { try Self.skipColours(&bits) }
    if hasMore, try !bits.flag() { try bits.skip(16 + 16 + 1 + 16) }
    try bits.refuseExtensions()
  }

  private static func checkDepth(_ bits: inout JPEGXLBits) throws {
    let isFloat = try bits.flag()
    let depth =
      try isFloat
      ? bits.number(Choice(0, 32), Choice(0, 16), Choice(0, 24), Choice(6, 1))
      : bits.number(Choice(0, 8), Choice(0, 10), Choice(0, 12), Choice(6, 1))
    let exponent = try isFloat ? bits.bits(4) : 0
    guard depth <= (isFloat ? 32 : 31), exponent <= 8 else {
      throw Malformed("JPEG XL", "samples of \(depth) bits")
    }
  }

  private static func skipChannel(_ bits: inout JPEGXLBits) throws {
    if try bits.flag() { return }
    let type = try bits.enumeration()
    try checkDepth(&bits)
    _ = try bits.number(Choice(), Choice(0, 3), Choice(0, 4), Choice(3, 1))
    try skipName(&bits)
    switch type {
    case 0: try bits.skip(1)
    case 2: try bits.skip(64)
    case 5: _ = try bits.number(Choice(0, 1), Choice(2), Choice(4, 3), Choice(8, 19))
    case 1, 3, 4, 6, 15, 16: break
    default: throw Malformed("JPEG XL", "a channel of an unknown kind")
    }
  }

  static func skipName(_ bits: inout JPEGXLBits) throws {
    let length = try bits.number(Choice(), Choice(4), Choice(5, 16), Choice(10, 48))
    try bits.skip(8 * Int(clamping: length))
  }

  private static func skipColours(_ bits: inout JPEGXLBits) throws {
    guard try !bits.flag() else { throw Malformed("JPEG XL", "a colour profile inside") }
    let space = try bits.enumeration()
    guard space <= 3 else { throw Malformed("JPEG XL", "an unknown colour space") }
    if space != 2 {
      if try bits.enumeration() == 2 { try skipPoint(&bits) }
      if space != 1, try bits.enumeration() == 2 { for _ in 0..<3 { try skipPoint(&bits) } }
      if try bits.flag() { try bits.skip(24) } else { _ = try bits.enumeration() }
    }
    guard try bits.enumeration() <= 3 else { throw Malformed("JPEG XL", "an unknown intent") }
  }

  /// A point of the colour plane.
  private static func skipPoint(_ bits: inout JPEGXLBits) throws {
    for _ in 0..<2 {
      _ = try bits.number(
        Choice(19), Choice(19, 524_288), Choice(20, 1_048_576), Choice(21, 2_097_152))
    }
  }

  private static func skipTransform(_ bits: inout JPEGXLBits, isXYB: Bool) throws {
    if isXYB, try !bits.flag() { try bits.skip(16 * 16) }
    let weights = try bits.bits(3)
    if weights & 1 != 0 { try bits.skip(15 * 16) }
    if weights & 2 != 0 { try bits.skip(55 * 16) }
    if weights & 4 != 0 { try bits.skip(210 * 16) }
  }
}
