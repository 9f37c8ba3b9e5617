// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Packets that tcpdump and others captured: a header of 24 bytes, then records to the end, which
  /// nothing marks.
  ///
  ///     0  u32 A1B2C3D4, with nanoseconds A1B23C4D, in either byte order   4  u16 2   6  u16 4
  ///     8  i32 zone, zero   12  u32 accuracy, zero   16  u32 longest packet   20  u32 link type
  ///     record: u32 seconds, u32 fraction, u32 bytes here, u32 bytes on the wire; bytes
  ///
  /// - Source: IETF, draft-ietf-opsawg-pcap, *PCAP Capture File Format*.
  package static let pcap = FileFormat(
    id: "pcap", name: "packet capture", category: .database, extensions: ["pcap", "cap", "dmp"],
    validation: .reasoning,
    signatures: [
      Signature([0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0]),
      Signature([0x4D, 0x3C, 0xB2, 0xA1, 2, 0, 4, 0]),
      Signature([0xA1, 0xB2, 0xC3, 0xD4, 0, 2, 0, 4]),
      Signature([0xA1, 0xB2, 0x3C, 0x4D, 0, 2, 0, 4]),
    ],
    maximumSize: 0x100_0000_0000,
    resembles: { bytes in bytes.holds([0, 0, 0, 0], at: 12) }
  ) { file in
    try Examination.walk("pcap", file) {
      var walk = try PCAPWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over the records of a capture.
private struct PCAPWalk {
  private static let longestPacket: UInt32 = 0x4_0000
  /// Packets that were merged or put off do not come in order, but not days apart.
  private static let mostBackwards: UInt32 = 86_400
  private static let mostForwards: UInt32 = 366 * 86_400

  private let file: Source
  private var window: Window
  private let isBig: Bool
  private let units: UInt32
  private let longest: UInt32
  private var last: UInt32?
  private var first: Timestamp?

  init(_ file: Source) throws {
    self.file = file
    window = Window(file)
    let magic = try file.big(UInt32.self, at: 0)
    isBig = magic >> 16 == 0xA1B2
    let isFine = [0xA1B2_3C4D, 0x4D3C_B2A1].contains(magic)
    units = isFine ? 1_000_000_000 : 1_000_000
    longest = Self.longestPacket
  }

  mutating func examination() throws -> Examination {
    var position: ByteOffset = 24
    while position < file.range.upperBound {
      guard let count = try record(at: position) else { break }
      let end = try position + 16 + count
      guard end <= file.range.upperBound else {
        return .truncated(at: position, evidence: [.headerMatched("pcap")])
      }
      position = end
    }
    guard position > 24, try SectorSlack.isEmpty(in: file, from: position) else {
      throw Malformed("PCAP", "no record starts here", at: position)
    }
    var result = Examination.whole("pcap", "PCAP", end: position, and: [.endReasoned])
    result.date = first
    return result
  }

  /// The bytes of the packet whose record starts at `position`; nil where none does.
  private mutating func record(at position: ByteOffset) throws -> ByteCount? {
    let seconds = try number(at: position)
    let fraction = try number(at: position + 4)
    let count = try number(at: position + 8)
    let length = try number(at: position + 12)
    guard fraction < units, count > 0, count <= longest, length >= count, length < 1 << 24
    else { return nil }
    if let last {
      guard seconds &- last < Self.mostForwards || last &- seconds < Self.mostBackwards
      else { return nil }
    } else {
      let nanoseconds = Int64(fraction) * (1_000_000_000 / Int64(units))
      if seconds > 0 { first = Timestamp(seconds: Int64(seconds), nanoseconds: nanoseconds) }
    }
    last = seconds
    return ByteCount(UInt64(count))
  }

  private mutating func number(at offset: ByteOffset) throws -> UInt32 {
    isBig ? try window.big(at: offset) : try window.little(at: offset)
  }
}
