// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums

/// One FLAC frame, followed code by code to its last byte: a head with a CRC-8, a subframe for each
/// channel, and a CRC-16 over all of it.
///
/// | Bits | Field         | Meaning                                                        |
/// |-----:|---------------|----------------------------------------------------------------|
/// |   15 | sync          | 0x7FFC                                                         |
/// |    1 | strategy      | 1: the number counts samples, else frames                      |
/// |    4 | block size    | 1: 192; 2–5: 576 ×; 6, 7: 8 or 16 bits behind; 8–15: 256 ×     |
/// |    4 | sampling rate | 12: 8 bits behind; 13, 14: 16 bits                             |
/// |    4 | channels      | 0–7: that many and one; 8–10: one of the two is a difference   |
/// |    3 | sample size   | 0: the stream's; 1: 8; 2: 12; 4: 16; 5: 20; 6: 24; 7: 32 bits  |
/// |    1 | reserved      | 0                                                              |
/// | 8–56 | number        | coded as UTF-8 codes characters                                |
///
/// - Source: RFC 9639, *Free Lossless Audio Codec (FLAC)*, §9.
struct FLACFrame {
  let samples: Int
  /// Which frame or sample of the stream it is.
  let number: UInt64
  /// Behind its CRC-16, in the bytes that it was read from.
  let end: Int

  /// Follows the frame at `start`; throws `Truncated` where the bytes end first and `Malformed` where
  /// no frame is.
  init(_ bytes: [UInt8], at start: Int, sampleSize: Int) throws {
    var bits = AudioBits(bytes, from: start)
    guard try bits.bits(15) == 0x7FFC else { throw Self.malformed("no frame starts here") }
    _ = try bits.bits(1)
    let sizeCode = try bits.bits(4)
    let rateCode = try bits.bits(4)
    let channels = try Int(bits.bits(4))
    let widthCode = try Int(bits.bits(3))
    let widths = [sampleSize, 8, 12, 0, 16, 20, 24, 32]
    guard try bits.bits(1) == 0, sizeCode != 0, rateCode != 15, channels <= 10, widthCode != 3
    else {
      throw Self.malformed("a reserved value in a frame's head")
    }
    number = try Self.number(&bits)
    switch sizeCode {
    case 1: samples = 192
    case 6: samples = try Int(bits.bits(8)) + 1
    case 7: samples = try Int(bits.bits(16)) + 1
    case 2...5: samples = 576 << Int(sizeCode - 2)
    default: samples = 256 << Int(sizeCode - 8)
    }
    if rateCode >= 12 { _ = try bits.bits(rateCode == 12 ? 8 : 16) }
    let head = bits.index
    _ = try bits.bits(8)
    guard Self.crc(.flacHeader, bytes, start..<head &+ 1) == 0 else {
      throw Self.malformed("the checksum of a frame's head is wrong")
    }
    for channel in 0..<(channels < 8 ? channels + 1 : 2) {
      let isDifference = channels >= 8 && channel == (channels == 9 ? 0 : 1)
      try Self.subframe(&bits, samples, widths[widthCode] + (isDifference ? 1 : 0))
    }
    guard bits.align() else { throw Self.malformed("a frame does not end in zero bits") }
    _ = try bits.bits(16)
    end = bits.index
    guard Self.crc(.ibm, bytes, start..<end) == 0 else {
      throw Self.malformed("the checksum of a frame is wrong")
    }
  }

  private static func malformed(_ problem: String) -> Malformed { Malformed("FLAC", problem) }

  private static func crc(
    _ polynomial: ForwardCRC.Polynomial, _ bytes: [UInt8], _ range: Range<Int>
  ) -> UInt32 {
    var crc = ForwardCRC(polynomial)
    bytes.withSpan { crc.update($0.extracting(range)) }
    return crc.value
  }

  /// Up to 36 bits, as UTF-8 would code them.
  private static func number(_ bits: inout AudioBits) throws -> UInt64 {
    let first = try UInt8(truncatingIfNeeded: bits.bits(8))
    let ones = (~first).leadingZeroBitCount
    guard ones != 1, ones <= 7 else { throw malformed("the number of a frame is miscoded") }
    guard ones > 0 else { return UInt64(first) }
    var value = ones == 7 ? 0 : UInt64(first & (0x7F >> UInt8(ones)))
    for _ in 1..<ones {
      let next = try bits.bits(8)
      guard next >> 6 == 2 else { throw malformed("the number of a frame is miscoded") }
      value = value << 6 | UInt64(next & 0x3F)
    }
    return value
  }

  private static func subframe(_ bits: inout AudioBits, _ samples: Int, _ size: Int) throws {
    guard try bits.bits(1) == 0 else { throw malformed("no subframe starts here") }
    let type = try Int(bits.bits(6))
    var width = size
    if try bits.bits(1) == 1 { width -= try bits.zeros(limit: 32) + 1 }
    guard width > 0 else { throw malformed("samples without bits") }
    switch type {
    case 0: try bits.skip(width)
    case 1: try bits.skip(width * samples)
    case 8...12: try predicted(&bits, samples, width, order: type - 8)
    case 32...63: try predicted(&bits, samples, width, order: type - 31, isLinear: true)
    default: throw malformed("a reserved kind of subframe")
    }
  }

  private static func predicted(
    _ bits: inout AudioBits, _ samples: Int, _ width: Int, order: Int, isLinear: Bool = false
  ) throws {
    guard order <= samples else { throw malformed("more predictors than samples") }
    try bits.skip(width * order)
    if isLinear {
      let precision = try Int(bits.bits(4)) + 1
      guard precision < 16 else { throw malformed("a reserved precision") }
      try bits.skip(5 + precision * order)
    }
    try residual(&bits, samples, order)
  }

  /// The Rice codes of what a prediction missed, in partitions.
  private static func residual(_ bits: inout AudioBits, _ samples: Int, _ order: Int) throws {
    let method = try bits.bits(2)
    guard method < 2 else { throw malformed("a reserved way of coding") }
    let partitionOrder = try Int(bits.bits(4))
    let share = samples >> partitionOrder
    guard share << partitionOrder == samples, share >= order else {
      throw malformed("partitions that do not fit the block")
    }
    let parameterWidth = method == 0 ? 4 : 5
    for partition in 0..<(1 << partitionOrder) {
      let count = partition == 0 ? share - order : share
      let parameter = try Int(bits.bits(parameterWidth))
      guard parameter < (1 << parameterWidth) - 1 else {
        try bits.skip(Int(bits.bits(5)) * count)
        continue
      }
      for _ in 0..<count {
        _ = try bits.zeros(limit: 0x40_0000)
        _ = try bits.bits(parameter)
      }
    }
  }
}
