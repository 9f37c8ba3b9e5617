// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A frame of a JPEG XL codestream: a header, the table of its sections' sizes, and the sections.
///
/// - Source: ISO/IEC 18181-1:2024, annex F "Frame header", §F.3 "TOC".
struct JPEGXLFrame {
  private typealias Choice = JPEGXLBits.Choice
  private enum Kind {
    static let regular: UInt64 = 0
    static let low: UInt64 = 1
    static let reference: UInt64 = 2
  }
  private static let mostSections: UInt64 = 1_000_000

  private let metadata: JPEGXLMetadata
  private var kind = Kind.regular
  private var isModular = false
  private var width: UInt64
  private var height: UInt64
  private var upsampling: UInt64 = 1
  private var passes: UInt64 = 1
  private var groupShift: UInt64 = 1
  private var level: UInt64 = 0
  private(set) var isLast = true
  /// The bytes of its sections.
  private(set) var length: ByteCount = 0

  /// Reads the header and the table, which begin at a whole byte.
  init(_ bits: inout JPEGXLBits, of metadata: JPEGXLMetadata) throws {
    self.metadata = metadata
    width = metadata.width
    height = metadata.height
    if try !bits.flag() { try readFields(&bits) }
    try readTable(&bits)
  }

  private mutating func readFields(_ bits: inout JPEGXLBits) throws {
    kind = try bits.bits(2)
    isModular = try bits.flag()
    let flags = try bits.long()
    guard flags & ~0xB3 == 0 else { throw Malformed("JPEG XL", "unknown flags of a frame") }
    let isYCbCr = try !metadata.isXYB && bits.flag()
    if flags & 0x20 == 0 {
      if isYCbCr { try bits.skip(6) }
      upsampling = try 1 << bits.bits(2)
      try bits.skip(2 * metadata.extraChannels)
    }
    if isModular {
      groupShift = try bits.bits(2)
    } else if metadata.isXYB {
      try bits.skip(6)
    }
    if kind != Kind.reference { try readPasses(&bits) }
    var isCropped = false
    if kind == Kind.low { level = try 1 &+ bits.bits(2) } else { isCropped = try bits.flag() }
    let coversAll = try !isCropped || readCrop(&bits)
    try readPlacing(&bits, coversAll: coversAll)
    try JPEGXLMetadata.skipName(&bits)
    try skipFilters(&bits)
    try bits.refuseExtensions()
  }

  private mutating func readPasses(_ bits: inout JPEGXLBits) throws {
    passes = try bits.number(Choice(0, 1), Choice(0, 2), Choice(0, 3), Choice(3, 4))
    guard passes > 1 else { return }
    let steps = try bits.number(Choice(), Choice(0, 1), Choice(0, 2), Choice(1, 3))
    try bits.skip(2 * Int(clamping: passes &- 1) + 2 * Int(clamping: steps))
    for _ in 0..<steps { _ = try bits.number(Choice(), Choice(0, 1), Choice(0, 2), Choice(3)) }
  }

  /// Reads the place and size of a frame that has its own; whether it covers the picture.
  private mutating func readCrop(_ bits: inout JPEGXLBits) throws -> Bool {
    let place = try kind == Kind.reference ? (0, 0) : (origin(&bits), origin(&bits))
    width = try side(&bits)
    height = try side(&bits)
    guard width > 0, height > 0, width <= 0x4_0000, height <= 0x4_0000 else {
      throw Malformed("JPEG XL", "an impossible frame")
    }
    return place.0 <= 0 && place.1 <= 0 && Int64(clamping: width) &+ place.0 >= metadata.width
      && Int64(clamping: height) &+ place.1 >= metadata.height
  }

  private func side(_ bits: inout JPEGXLBits) throws -> UInt64 {
    try bits.number(Choice(8), Choice(11, 256), Choice(14, 2304), Choice(30, 18_688))
  }

  /// A signed number: the lowest bit tells the sign.
  private func origin(_ bits: inout JPEGXLBits) throws -> Int64 {
    let packed = try side(&bits)
    return packed & 1 == 0 ? Int64(clamping: packed / 2) : -Int64(clamping: packed / 2) &- 1
  }

  /// How it is laid upon the frames before it, how long it is shown, and whether it is the last.
  private mutating func readPlacing(_ bits: inout JPEGXLBits, coversAll: Bool) throws {
    var replaces = true
    var duration: UInt64 = 0
    if kind == Kind.regular || kind == 3 {
      for channel in 0...metadata.extraChannels {
        let mode = try bits.number(Choice(), Choice(0, 1), Choice(0, 2), Choice(2, 3))
        guard mode <= 4 else { throw Malformed("JPEG XL", "an unknown blending") }
        let isAlpha = metadata.extraChannels > 0
        if isAlpha, mode == 2 || mode == 3 {
          _ = try bits.number(Choice(), Choice(0, 1), Choice(0, 2), Choice(3, 3))
        }
        if (isAlpha && (mode == 2 || mode == 3)) || mode == 4 { try bits.skip(1) }
        if channel == 0 { replaces = mode == 0 && coversAll }
        if mode != 0 || !coversAll { try bits.skip(2) }
      }
      if metadata.hasAnimation {
        duration = try bits.number(Choice(), Choice(0, 1), Choice(8), Choice(32))
        if metadata.hasTimecodes { try bits.skip(32) }
      }
      isLast = try bits.flag()
    } else {
      isLast = false
    }
    let slot = try kind != Kind.low && !isLast ? bits.bits(2) : 0
    let canBeReferred = !isLast && kind != Kind.low && (duration == 0 || slot != 0)
    if kind == Kind.reference || (canBeReferred && replaces) { try bits.skip(1) }
  }

  private func skipFilters(_ bits: inout JPEGXLBits) throws {
    if try bits.flag() { return }
    if try bits.flag(), try bits.flag() { try bits.skip(6 * 16) }
    if try bits.bits(2) > 0 {
      if !isModular, try bits.flag() { try bits.skip(8 * 16) }
      if try bits.flag() { try bits.skip(3 * 16 + 32) }
      if try bits.flag() { try bits.skip((isModular ? 3 : 4) * 16) }
      if isModular { try bits.skip(16) }
    }
    try bits.refuseExtensions()
  }

  private mutating func readTable(_ bits: inout JPEGXLBits) throws {
    let scale = upsampling << (3 &* level)
    let columns = (width &+ scale &- 1) / scale
    let rows = (height &+ scale &- 1) / scale
    let side: UInt64 = 128 << groupShift
    let groups = ((columns &+ side &- 1) / side) &* ((rows &+ side &- 1) / side)
    let lowGroups =
      ((columns &+ 8 &* side &- 1) / (8 &* side)) &* ((rows &+ 8 &* side &- 1) / (8 &* side))
    let count = groups == 1 && passes == 1 ? 1 : 2 &+ lowGroups &+ groups &* passes
    guard count <= Self.mostSections else { throw Malformed("JPEG XL", "too many sections") }
    // The order of the sections is coded; it does not matter here, but would have to be decoded.
    guard try !bits.flag() else { throw Malformed("JPEG XL", "its sections are out of order") }
    _ = try bits.align()
    for _ in 0..<count {
      length =
        try length
        + ByteCount(
          bits.number(
            Choice(10), Choice(14, 1024), Choice(22, 17_408), Choice(30, 4_211_712)))
    }
    _ = try bits.align()
    let most = columns &* rows &* UInt64(3 + metadata.extraChannels) &* 6 &+ 0x1_0000
    guard length > 0, length <= ByteCount(most) else {
      throw Malformed("JPEG XL", "a frame of \(length.rawValue) bytes")
    }
  }
}
