// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Musepack: packets up to one that says it is the last (stream version 8), or as many frames as the
  /// head states, bit by bit (version 7).
  ///
  /// - Source: Musepack Development Team, *Musepack SV8 Specification*; `libmpcdec` for version 7.
  package static let mpc = FileFormat(
    id: "mpc", name: "Musepack sound", category: .audio, extensions: ["mpc", "mp+", "mpp"],
    validation: .size,
    signatures: [Signature("MPCKSH"), Signature(Array("MP+".utf8) + [7])]
      + [Signature(Array("MP+".utf8) + [0x17])],
    maximumSize: 0x4000_0000,
    resembles: { bytes in
      if bytes.holds(Array("MPCKSH".utf8), at: 0) { return true }
      // The last 19 bits of the head are not in use, and nobody set them.
      guard let frames = try? bytes.little(UInt32.self, at: 4),
        let gapless = try? bytes.little(UInt32.self, at: 20)
      else { return false }
      return (1...0x40_0000).contains(frames) && gapless & 0x7FFFF == 0
    }
  ) { file in
    try Examination.walk("mpc", file) {
      try file.read(at: 0, count: 4) == Array("MPCK".utf8)
        ? MusepackPackets.examination(file) : MusepackFrames.examination(file)
    }
  }
}

/// The packets of version 8: two letters, a size in groups of seven bits that counts all of the packet,
/// and content.
private enum MusepackPackets {
  private static let most = 10_000_000

  static func examination(_ file: Source) throws -> Examination {
    var window = Window(file, span: 4096)
    var position: ByteOffset = 4
    var hasSound = false
    for _ in 0..<most {
      let key = try window.copy(at: position, count: 2)
      guard key.allSatisfy({ (0x41...0x5A).contains($0) }) else {
        throw Malformed("Musepack", "no packet starts here", at: position)
      }
      let size = try size(&window, at: position + 2)
      guard size >= 3 else { throw Malformed("Musepack", "a packet of no size", at: position) }
      position = try position + ByteCount(size)
      guard position <= file.range.upperBound else { throw Truncated() }
      if key == Array("AP".utf8) { hasSound = true }
      if key == Array("SE".utf8) { break }
    }
    guard hasSound else { throw Malformed("Musepack", "it holds no sound", at: position) }
    let tags = try TrailingTags(in: file, after: position)
    return tags.examination("mpc", "Musepack", isEndStated: true, and: [.payloadUnchecked])
  }

  private static func size(_ window: inout Window, at start: ByteOffset) throws -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<8 {
      let byte = try window.byte(at: start + ByteCount(clamping: index))
      value = value << 7 | UInt64(byte & 0x7F)
      if byte < 0x80 { return value }
    }
    throw Malformed("Musepack", "a size without end", at: start)
  }
}

/// The frames of version 7, from bit 200 on in little-endian words of 32 bits: 20 bits of length in
/// bits, and so many bits. Behind the last stand 11 bits, and the rest of a word.
private enum MusepackFrames {
  /// 1152 samples at some 2.5 Mbit/s.
  private static let longestFrame: UInt64 = 0x1_0000

  static func examination(_ file: Source) throws -> Examination {
    var window = Window(file)
    let frames = try window.little(UInt32.self, at: 4)
    guard (1...0x40_0000).contains(frames) else {
      throw Malformed("Musepack", "a number of frames that none can have", at: 4)
    }
    var bit: UInt64 = 200
    for _ in 0..<frames {
      let length = try bits(&window, at: bit)
      guard (1...longestFrame).contains(length) else {
        throw Malformed("Musepack", "a frame of \(length) bits", at: ByteOffset(bit / 8))
      }
      bit &+= 20 + length
    }
    let end = ByteOffset((bit + 11 + 31) / 32 * 4)
    guard end <= file.range.upperBound else { throw Truncated() }
    return try TrailingTags(in: file, after: end).examination("mpc", "Musepack")
  }

  /// The 20 bits from `position` on.
  private static func bits(_ window: inout Window, at position: UInt64) throws -> UInt64 {
    let start = ByteOffset(position / 32 * 4)
    let first = UInt64(try window.little(UInt32.self, at: start))
    let shift = position % 32
    guard shift > 12 else { return first >> (12 - shift) & 0xF_FFFF }
    let second = UInt64(try window.little(UInt32.self, at: start + 4))
    return (first << 32 | second) >> (44 - shift) & 0xF_FFFF
  }
}
