// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over the packets of an MXF file.
///
/// | Offset | Size | Field of a partition | Unit                                  |
/// |-------:|-----:|----------------------|---------------------------------------|
/// |   0x08 |    8 | this                 | offset of the partition               |
/// |   0x18 |    8 | footer               | offset of the footer; 0: not known    |
/// |   0x20 |    8 | metadata             | bytes of header metadata behind it    |
/// |   0x28 |    8 | index                | bytes of index tables behind that     |
///
/// - Source: SMPTE ST 377-1:2019, §7 "Partitions", §12 "Random index pack".
struct MXFWalk {
  private static let mostPackets = 200_000_000
  private static let mostSets = 100_000

  private let file: Source
  private var window: Window
  private var partitions = Set<ByteOffset>()
  private var footer: ByteOffset?
  private var statedFooter: ByteOffset = 0
  /// How far the last partition says that its metadata and index reach, at least.
  private var promised: ByteOffset = 0
  private var hasContent = false
  private var sets = 0
  private var facts = MXFFacts()

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  mutating func examination() throws -> Examination {
    var position: ByteOffset = 0
    for _ in 0..<Self.mostPackets {
      guard let packet = try KLVPacket(&window, at: position) else { break }
      if position > 0, case .header = packet.kind { break }
      guard packet.end <= file.range.upperBound else { throw Truncated() }
      try take(packet)
      position = packet.end
      if case .index = packet.kind { return result(end: position, isCertain: true) }
    }
    guard hasContent else { throw Malformed("MXF", "nothing behind its partitions", at: position) }
    guard statedFooter == 0 || footer != nil, promised <= position else {
      throw Malformed("MXF", "it ends before its footer", at: position)
    }
    let isCertain = try footer != nil && SectorRest(in: file, after: position) == .zeros
    return result(end: position, isCertain: isCertain)
  }

  private mutating func take(_ packet: KLVPacket) throws {
    switch packet.kind {
    case .header, .body, .footer: try takePartition(packet)
    case .index: try checkIndex(packet)
    case .metadata(let number):
      hasContent = true
      sets += 1
      if sets < Self.mostSets { try facts.take(&window, packet, number: number) }
    case .other: hasContent = true
    }
  }

  private mutating func takePartition(_ packet: KLVPacket) throws {
    let own = ByteOffset(try window.big(UInt64.self, at: packet.value + 8))
    let footer = ByteOffset(try window.big(UInt64.self, at: packet.value + 24))
    guard own == packet.start else {
      throw Malformed("MXF", "a partition of another place", at: packet.start)
    }
    partitions.insert(own)
    if footer > 0 { statedFooter = footer }
    if case .footer = packet.kind { self.footer = own }
    promised =
      try packet.end + ByteCount(window.big(UInt64.self, at: packet.value + 32))
      + ByteCount(window.big(UInt64.self, at: packet.value + 40))
  }

  /// The index names a stream and an offset for each partition, then its own length.
  private mutating func checkIndex(_ packet: KLVPacket) throws {
    let length = (packet.value..<packet.end).length.rawValue
    guard length >= 4, length % 12 == 4, length <= 0x100_0000 else {
      throw Malformed("MXF", "an impossible index", at: packet.start)
    }
    for row in 0..<(length / 12) {
      let offset = ByteOffset(
        try window.big(UInt64.self, at: packet.value + ByteCount(12 * row + 4)))
      guard partitions.contains(offset) else {
        throw Malformed("MXF", "an index of partitions that are not there", at: packet.start)
      }
    }
    let own = try window.big(UInt32.self, at: packet.value + ByteCount(length - 4))
    guard UInt64(own) == (packet.start..<packet.end).length.rawValue else {
      throw Malformed("MXF", "an index of another length", at: packet.start)
    }
  }

  private func result(end: ByteOffset, isCertain: Bool) -> Examination {
    var result = Examination.whole("mxf", "MXF", end: end, and: isCertain ? [] : [.endReasoned])
    result.name = facts.name
    result.date = facts.date
    return result
  }
}
