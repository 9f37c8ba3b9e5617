// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A movie in H.264 built in code: real parameter sets and slice heads, data that nobody could guess.
package struct MovieFixture {
  package let bytes: [UInt8]
  /// Where `moov` begins.
  package let index: Int
  package let frames: Int

  /// - Parameters:
  ///   - sizes: bytes of the frames' data, in turn.
  ///   - sound: bytes of 16-bit sound behind every second frame.
  package init(
    frames: Int, sizes: [Int], seed: UInt64, sound: Int = 0, columns: UInt32 = 20,
    isInBand: Bool = false
  ) {
    var noise = Noise(state: seed)
    let sequence = Self.sequence(columns: columns)
    let picture: [UInt8] = [0x68, 0xCE, 0x38, 0x80]
    let brand = Self.box("ftyp", Array("isom".utf8) + Self.big(512) + Array("isomavc1".utf8))
    var data: [UInt8] = []
    var samples: [(place: Int, size: Int)] = []
    var sounds: [Int] = []
    for number in 0..<frames {
      let place = brand.count + 8 + data.count
      let before = data.count
      if isInBand, number % 10 == 0 {
        for unit in [sequence, picture] { data += Self.big(UInt32(unit.count)) + unit }
      }
      let slice =
        Self.slice(number % 10)
        + noise.bytes(sizes[number % sizes.count]).map { $0 < 4 ? $0 + 4 : $0 }
      data += Self.big(UInt32(slice.count)) + slice
      samples.append((place, data.count - before))
      if sound > 0, number % 2 == 1 {
        sounds.append(brand.count + 8 + data.count)
        data += noise.bytes(sound)
      }
    }
    let configuration =
      [1, 66, 0, 30, 0xFF, 0xE1] + Self.short(sequence.count) + sequence + [1]
      + Self.short(picture.count) + picture
    let video = Self.track(
      1, handler: "vide",
      entry: Self.box("avc1", Self.zeros(78) + Self.box("avcC", configuration)),
      sizes: Self.big(0) + Self.big(UInt32(frames)) + samples.flatMap { Self.big(UInt32($0.size)) },
      perChunk: 1, chunks: samples.map(\.place), count: frames)
    let format = Self.zeros(16) + Self.short(2) + Self.short(16) + Self.zeros(8)
    let audio = Self.track(
      2, handler: "soun", entry: Self.box("sowt", format),
      sizes: Self.big(4) + Self.big(UInt32(sounds.count * sound / 4)),
      perChunk: UInt32(sound / 4), chunks: sounds, count: sounds.count * sound / 4)
    let head = brand + Self.box("mdat", data)
    index = head.count
    bytes =
      head
      + Self.box(
        "moov",
        Self.box("mvhd", Self.zeros(100)) + video + (sound > 0 ? audio : []))
    self.frames = frames
  }

  private static func track(
    _ number: UInt32, handler: String, entry: [UInt8], sizes: [UInt8], perChunk: UInt32,
    chunks: [Int], count: Int
  ) -> [UInt8] {
    let tables =
      box("stsd", zeros(4) + big(1) + entry)
      + box("stts", zeros(4) + big(1) + big(UInt32(count)) + big(512))
      + box("stsz", zeros(4) + sizes)
      + box("stsc", zeros(4) + big(1) + big(1) + big(perChunk) + big(1))
      + box("stco", zeros(4) + big(UInt32(chunks.count)) + chunks.flatMap { big(UInt32($0)) })
    let media =
      box("mdhd", zeros(12) + big(12_800) + zeros(8))
      + box("hdlr", zeros(8) + Array(handler.utf8) + zeros(13))
      + box("minf", box("stbl", tables))
    return box("trak", box("tkhd", zeros(12) + big(number) + zeros(68)) + box("mdia", media))
  }

  /// A sequence of the baseline profile: frames alone, shown as they stand.
  private static func sequence(columns: UInt32) -> [UInt8] {
    var bits: [Bool] = []
    // id, bits of the frame's number less four, kind of order, reference frames.
    for value: UInt32 in [0, 0, 2, 1] { put(value, to: &bits) }
    bits.append(false)
    put(columns - 1, to: &bits)
    put(10, to: &bits)
    // Frames alone; inference; no crop, no more; the stop bit.
    bits += [true, true, false, false, true]
    return [0x67, 66, 0, 30] + bytes(bits)
  }

  /// The head of a slice: the first of ten can be begun with.
  private static func slice(_ number: Int) -> [UInt8] {
    var bits: [Bool] = []
    put(0, to: &bits)
    put(number == 0 ? 7 : 5, to: &bits)
    put(0, to: &bits)
    for shift in [3, 2, 1, 0] { bits.append(number >> shift & 1 == 1) }
    if number == 0 { put(1, to: &bits) }
    bits += [true, false, true, true, false, true, true, true]
    return [number == 0 ? 0x65 : 0x41] + bytes(bits)
  }

  private static func put(_ value: UInt32, to bits: inout [Bool]) {
    let code = value + 1
    let width = 32 - code.leadingZeroBitCount
    bits += [Bool](repeating: false, count: width - 1)
    for shift in stride(from: width - 1, through: 0, by: -1) { bits.append(code >> shift & 1 == 1) }
  }

  private static func bytes(_ bits: [Bool]) -> [UInt8] {
    stride(from: 0, to: bits.count, by: 8).map { start in
      (0..<8).reduce(UInt8(0)) { byte, index in
        let place = start + index
        return byte << 1 | (place < bits.count && bits[place] ? 1 : 0)
      }
    }
  }

  package static func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
    big(UInt32(content.count + 8)) + Array(type.utf8) + content
  }

  private static func big(_ value: UInt32) -> [UInt8] {
    stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
  }

  private static func short(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
  }

  private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}
