// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The parameters of an H.265 sequence, as far as the head of a slice depends on them.
///
/// - Source: ITU-T H.265 (08/2021), §7.3.2.2 "Sequence parameter set RBSP syntax", §7.3.3.
struct HEVCSequence: Sendable, Equatable {
  let id: UInt32
  /// Twelve bytes: profile, compatibility, constraints, level.
  let profile: [UInt8]
  let layers: UInt8
  let chroma: UInt32
  let depths: [UInt8]
  private(set) var width: UInt32
  private(set) var height: UInt32
  let orderBits: UInt32
  let hasPlanes: Bool
  /// Bits of a slice's address.
  let addressBits: Int

  init(_ unit: [UInt8]) throws {
    var bits = UnitBits(unit, skipping: 2)
    try bits.skip(4)
    let sublayers = Int(try bits.bits(3))
    guard sublayers < 7 else { throw Truncated() }
    layers = UInt8(sublayers + 1) << 3 | (try bits.bit() ? 4 : 0)
    var profile: [UInt8] = []
    for _ in 0..<12 { profile.append(UInt8(truncatingIfNeeded: try bits.bits(8))) }
    self.profile = profile
    var present: [(Bool, Bool)] = []
    for _ in 0..<sublayers { present.append(try (bits.bit(), bits.bit())) }
    if sublayers > 0 { try bits.skip(2 * (8 - sublayers)) }
    for (hasProfile, hasLevel) in present {
      try bits.skip((hasProfile ? 88 : 0) + (hasLevel ? 8 : 0))
    }
    id = try bits.number(upTo: 15)
    chroma = try bits.number(upTo: 3)
    hasPlanes = try chroma == 3 && bits.bit()
    width = try bits.number(upTo: 16_384)
    height = try bits.number(upTo: 16_384)
    guard width > 0, height > 0 else { throw Truncated() }
    let (codedWidth, codedHeight) = (width, height)
    if try bits.bit() {
      let sides = try (bits.number(), bits.number(), bits.number(), bits.number())
      let across: UInt32 = chroma == 1 || chroma == 2 ? 2 : 1
      let down: UInt32 = chroma == 1 ? 2 : 1
      guard max(sides.0, sides.1, sides.2, sides.3) < 8192, (sides.0 + sides.1) * across < width,
        (sides.2 + sides.3) * down < height
      else { throw Truncated() }
      width -= (sides.0 + sides.1) * across
      height -= (sides.2 + sides.3) * down
    }
    depths = try [
      UInt8(truncatingIfNeeded: bits.number(upTo: 8)),
      UInt8(truncatingIfNeeded: bits.number(upTo: 8)),
    ]
    orderBits = try bits.number(upTo: 12) + 4
    let isEach = try bits.bit()
    for _ in 0...(isEach ? sublayers : 0) {
      _ = try (bits.number(), bits.number(), bits.number())
    }
    let block = try bits.number(upTo: 3) + 3 + bits.number(upTo: 3)
    let blocks =
      ((codedWidth - 1) >> block + 1) * ((codedHeight - 1) >> block + 1)
    addressBits = 32 - (blocks - 1).leadingZeroBitCount
  }
}

/// The parameters of H.265 pictures.
///
/// - Source: ITU-T H.265 (08/2021), §7.3.2.3 "Picture parameter set RBSP syntax".
struct HEVCPicture: Sendable, Equatable {
  let id: UInt32
  let sequence: UInt32
  let hasDependent: Bool
  let hasOutput: Bool
  let extraBits: Int

  init(_ unit: [UInt8]) throws {
    var bits = UnitBits(unit, skipping: 2)
    id = try bits.number(upTo: 63)
    sequence = try bits.number(upTo: 15)
    hasDependent = try bits.bit()
    hasOutput = try bits.bit()
    extraBits = Int(try bits.bits(3))
  }
}

/// The head of an H.265 slice.
///
/// - Source: ITU-T H.265 (08/2021), §7.3.6.1 "General slice segment header syntax".
enum HEVCSlice {
  static func parse(
    _ unit: [UInt8], _ sequences: [UInt32: HEVCSequence], _ pictures: [UInt32: HEVCPicture]
  ) throws -> VideoSlice? {
    guard let head = unit.first else { return nil }
    let type = head >> 1 & 0x3F
    var bits = UnitBits(unit, skipping: 2)
    var slice = VideoSlice()
    slice.isFirst = try bits.bit()
    if (16...23).contains(type) { try bits.skip(1) }
    guard let picture = pictures[try bits.number(upTo: 63)],
      let sequence = sequences[picture.sequence]
    else { return nil }
    if !slice.isFirst {
      if picture.hasDependent, try bits.bit() { return slice }
      try bits.skip(sequence.addressBits)
    }
    try bits.skip(picture.extraBits)
    let kind = try bits.number(upTo: 2)
    slice.isSync = (16...21).contains(type)
    guard !slice.isSync || kind == 2 else { return nil }
    slice.resetsOrder = (16...20).contains(type)
    slice.isReference = type >= 16 || type % 2 == 1
    if picture.hasOutput { try bits.skip(1) }
    if sequence.hasPlanes { try bits.skip(2) }
    slice.orderBits = sequence.orderBits
    if type != 19, type != 20 { slice.order = try bits.bits(Int(sequence.orderBits)) }
    return slice
  }
}
