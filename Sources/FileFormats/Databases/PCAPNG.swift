// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// The newer capture format: sections of blocks, each with its length in front and behind.
  ///
  /// - Source: IETF, draft-ietf-opsawg-pcapng, *PCAP Now Generic (pcapng) Capture File Format*.
  package static let pcapng = FileFormat(
    id: "pcapng", name: "packet capture (next generation)", category: .database,
    // Older habits call it pcap all the same.
    extensions: ["pcapng", "pcap", "ntar"],
    validation: .reasoning,
    signatures: [section([0x4D, 0x3C, 0x2B, 0x1A]), section([0x1A, 0x2B, 0x3C, 0x4D])],
    maximumSize: 0x100_0000_0000,
    resembles: { bytes in bytes.holds([1, 0], at: 12) || bytes.holds([0, 1], at: 12) }
  ) { file in
    try Examination.walk("pcapng", file) {
      var walk = PCAPNGWalk(file)
      return try walk.examination()
    }
  }

  private static func section(_ order: [UInt8]) -> Signature {
    let start: [UInt8] = [0x0A, 0x0D, 0x0D, 0x0A]
    return Signature(
      masked: start.map { Signature.Element($0) }
        + [Signature.Element](repeating: .init(0, mask: 0), count: 4)
        + order.map { Signature.Element($0) })
  }
}

/// The walk over the blocks of a capture.
///
/// | Offset | Size | Field         | Unit                                              |
/// |-------:|-----:|---------------|---------------------------------------------------|
/// |   0x00 |    4 | type          |                                                   |
/// |   0x04 |    4 | length        | bytes of the block, a multiple of four            |
/// |   0x08 |    4 | order         | section header: 1A2B3C4D                          |
/// |   0x10 |    8 | section       | section header: bytes of the section; -1: unknown |
/// |   0x0C |    8 | time          | packet: high word, low word                       |
/// |    end |    4 | length again  |                                                   |
private struct PCAPNGWalk {
  private static let sectionType: UInt32 = 0x0A0D_0D0A
  private static let longestBlock: UInt32 = 0x100_0000
  /// All that are in use, beside those of which each maker has its own.
  private static let known: Set<UInt32> = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x201, 0x202, 0x203, 0x204, 0x205, 0x206, 0x207, 0x208,
    0x209, 0x210, 0x211, 0x212, 0x213, 0xBAD, 0x4000_0BAD,
  ]

  private let file: Source
  private var window: Window
  private var isBig = false
  private var position: ByteOffset = 0
  private var sectionEnd: ByteOffset?
  private var packets: UInt64 = 0
  private var ticks: UInt64 = 1_000_000
  private var date: Timestamp?

  init(_ file: Source) {
    self.file = file
    window = Window(file)
  }

  mutating func examination() throws -> Examination {
    while position < file.range.upperBound, try block() {}
    guard position > 28, try SectorSlack.isEmpty(in: file, from: position) else {
      throw Malformed("pcapng", "no block starts here", at: position)
    }
    let isStated = sectionEnd == position
    if let sectionEnd, !isStated {
      throw Malformed("pcapng", "a section is shorter than it says", at: min(position, sectionEnd))
    }
    var result = Examination.whole(
      "pcapng", "pcapng", end: position, and: isStated ? [] : [.endReasoned])
    result.date = date
    return result
  }

  /// Reads a block; false where none starts.
  private mutating func block() throws -> Bool {
    let isSection = try window.holds([0x0A, 0x0D, 0x0D, 0x0A], at: position)
    if sectionEnd == position, !isSection { return false }
    if isSection {
      guard
        try window.holds([0x1A, 0x2B, 0x3C, 0x4D], at: position + 8)
          || window.holds([0x4D, 0x3C, 0x2B, 0x1A], at: position + 8)
      else { return false }
      isBig = try window.byte(at: position + 8) == 0x1A
    }
    let type = try number(at: position)
    let length = try number(at: position + 4)
    guard isSection || Self.known.contains(type) || type >> 31 == 1, length >= 12,
      length <= Self.longestBlock, length % 4 == 0
    else { return false }
    let end = try position + ByteCount(UInt64(length))
    guard end <= file.range.upperBound else { throw Truncated() }
    guard try number(at: ByteOffset(end.rawValue &- 4)) == length else { return false }
    if isSection { try takeSection(end) } else { try take(type, length) }
    position = end
    return true
  }

  private mutating func takeSection(_ end: ByteOffset) throws {
    let high = try number(at: position + (isBig ? 16 : 20))
    let low = try number(at: position + (isBig ? 20 : 16))
    let length = UInt64(high) << 32 | UInt64(low)
    sectionEnd = length > 1 << 48 || length == 0 ? nil : try end + ByteCount(length)
  }

  private mutating func take(_ type: UInt32, _ length: UInt32) throws {
    if type == 1, packets == 0, length > 20 { try takeResolution(length) }
    guard [2, 6].contains(type), length >= 32 else { return }
    if packets == 0 {
      let high = try number(at: position + 12)
      let low = try number(at: position + 16)
      let time = UInt64(high) << 32 | UInt64(low)
      if time / ticks < 1 << 33 { date = Timestamp(seconds: Int64(clamping: time / ticks)) }
    }
    packets &+= 1
  }

  /// The option that states how many ticks the first interface's clock makes in a second.
  private mutating func takeResolution(_ length: UInt32) throws {
    var at = try position + 16
    let stop = position.advancedClamped(by: ByteCount(UInt64(min(length, 4096)) - 8))
    while at < stop {
      let word = try number(at: at)
      let (code, count) = isBig ? (word >> 16, word & 0xFFFF) : (word & 0xFFFF, word >> 16)
      if code == 0 { return }
      if code == 9 {
        let exponent = try window.byte(at: at + 4)
        ticks = 1
        for _ in 0..<min(exponent & 0x7F, exponent > 0x7F ? 63 : 18) {
          ticks &*= exponent > 0x7F ? 2 : 10
        }
        return
      }
      at = try at + 4 + ByteCount(UInt64((count + 3) & ~3))
    }
  }

  private mutating func number(at offset: ByteOffset) throws -> UInt32 {
    isBig ? try window.big(at: offset) : try window.little(at: offset)
  }
}
