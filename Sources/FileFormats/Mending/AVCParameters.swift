// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The parameters of an H.264 sequence, as far as the head of a slice depends on them.
///
/// - Source: ITU-T H.264 (08/2021), §7.3.2.1.1 "Sequence parameter set data syntax", annex E.
struct AVCSequence: Sendable, Equatable {
  private(set) var id: UInt32 = 0
  private(set) var frameBits: UInt32 = 0
  private(set) var orderBits: UInt32 = 0
  private(set) var hasPlanes = false
  private(set) var hasFields = false
  private(set) var width: UInt32 = 0
  private(set) var height: UInt32 = 0
  private(set) var blocks: UInt32 = 0
  private var ticks: UInt32 = 0
  private var scale: UInt32 = 0

  /// Ticks of one frame, and of a second.
  var rate: (ticks: UInt32, scale: UInt32)? {
    guard ticks > 0, scale > 0, scale / ticks < 2000, ticks < 1 << 30 else { return nil }
    return (ticks * 2, scale)
  }

  init(_ unit: [UInt8]) throws {
    var bits = UnitBits(unit, skipping: 1)
    let profile = try bits.bits(8)
    try bits.skip(16)
    id = try bits.number(upTo: 31)
    var chroma: UInt32 = 1
    if [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135].contains(profile) {
      chroma = try bits.number(upTo: 3)
      if chroma == 3 { hasPlanes = try bits.bit() }
      _ = try (bits.number(upTo: 6), bits.number(upTo: 6), bits.bit())
      if try bits.bit() { try Self.skipScaling(&bits, lists: chroma == 3 ? 12 : 8) }
    }
    frameBits = try bits.number(upTo: 12) + 4
    switch try bits.number(upTo: 2) {
    case 0: orderBits = try bits.number(upTo: 12) + 4
    case 1:
      _ = try (bits.bit(), bits.number(), bits.number())
      for _ in 0..<(try bits.number(upTo: 255)) { _ = try bits.number() }
    default: break
    }
    _ = try (bits.number(upTo: 16), bits.bit())
    let columns = try bits.number(upTo: 1023) + 1
    let rows = try bits.number(upTo: 1023) + 1
    hasFields = try !bits.bit()
    if hasFields { _ = try bits.bit() }
    let lines = rows * (hasFields ? 2 : 1)
    blocks = columns * lines
    _ = try bits.bit()
    width = columns * 16
    height = lines * 16
    if try bits.bit() { try crop(&bits, chroma) }
    if try bits.bit() { try? takeUsability(&bits) }
  }

  private mutating func crop(_ bits: inout UnitBits, _ chroma: UInt32) throws {
    let across: UInt32 = chroma == 1 || chroma == 2 ? 2 : 1
    let down: UInt32 = (chroma == 1 ? 2 : 1) * (hasFields ? 2 : 1)
    let sides = try (bits.number(), bits.number(), bits.number(), bits.number())
    let (left, right, top, bottom) = sides
    guard max(left, right, top, bottom) < 8192, (left + right) * across < width,
      (top + bottom) * down < height
    else { throw Truncated() }
    width -= (left + right) * across
    height -= (top + bottom) * down
  }

  private mutating func takeUsability(_ bits: inout UnitBits) throws {
    if try bits.bit(), try bits.bits(8) == 255 { try bits.skip(32) }
    if try bits.bit() { try bits.skip(1) }
    if try bits.bit() {
      try bits.skip(4)
      if try bits.bit() { try bits.skip(24) }
    }
    if try bits.bit() { _ = try (bits.number(), bits.number()) }
    guard try bits.bit() else { return }
    ticks = try bits.bits(32)
    scale = try bits.bits(32)
  }

  private static func skipScaling(_ bits: inout UnitBits, lists: Int) throws {
    for list in 0..<lists where try bits.bit() {
      var (last, next) = (8, 8)
      for _ in 0..<(list < 6 ? 16 : 64) {
        if next != 0 {
          let code = Int(try bits.number(upTo: 512))
          next = (last + (code % 2 == 1 ? (code + 1) / 2 : -code / 2) + 256) % 256
        }
        if next != 0 { last = next }
      }
    }
  }
}

/// The parameters of H.264 pictures.
///
/// - Source: ITU-T H.264 (08/2021), §7.3.2.2 "Picture parameter set RBSP syntax".
struct AVCPicture: Sendable, Equatable {
  let id: UInt32
  let sequence: UInt32

  init(_ unit: [UInt8]) throws {
    var bits = UnitBits(unit, skipping: 1)
    id = try bits.number(upTo: 255)
    sequence = try bits.number(upTo: 31)
    _ = try (bits.bit(), bits.bit())
  }
}

/// The head of an H.264 slice.
///
/// - Source: ITU-T H.264 (08/2021), §7.3.3 "Slice header syntax".
enum AVCSlice {
  static func parse(
    _ unit: [UInt8], _ sequences: [UInt32: AVCSequence], _ pictures: [UInt32: AVCPicture]
  ) throws -> VideoSlice? {
    guard let head = unit.first else { return nil }
    var bits = UnitBits(unit, skipping: 1)
    let first = try bits.number()
    let kind = try bits.number(upTo: 9)
    let isIDR = head & 0x1F == 5
    // Such pictures are predicted from no other.
    guard !isIDR || [2, 4].contains(kind % 5), !isIDR || head & 0x60 != 0,
      let picture = pictures[try bits.number(upTo: 255)],
      let sequence = sequences[picture.sequence], first < sequence.blocks
    else { return nil }
    if sequence.hasPlanes { try bits.skip(2) }
    var slice = VideoSlice()
    slice.isFirst = first == 0
    slice.isSync = isIDR
    slice.resetsOrder = isIDR
    slice.isReference = head & 0x60 != 0
    slice.frame = try bits.bits(Int(sequence.frameBits))
    slice.frameBits = sequence.frameBits
    if sequence.hasFields, try bits.bit() { slice.field = try bits.bit() ? .bottom : .top }
    if isIDR {
      guard slice.frame == 0 else { return nil }
      _ = try bits.number(upTo: 65_535)
    }
    slice.order = try bits.bits(Int(sequence.orderBits))
    slice.orderBits = sequence.orderBits
    return slice
  }
}
