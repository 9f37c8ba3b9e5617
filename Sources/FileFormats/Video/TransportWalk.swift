// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over the packets of a transport stream, with a count for each of its streams.
struct TransportWalk {
  private static let packetsPerRead = 512
  /// Fewer packets prove too little for a part of a file to be worth keeping.
  private static let fewPackets: UInt64 = 16
  private static let neverSeen: UInt8 = 0xFF
  private static let mostZeros = 64
  private static let fewZeros = 4
  private static let leastPayload = 16
  private static let id = "ts"
  private static let name = "MPEG transport stream"

  private let file: Source
  private var position: ByteOffset = 0
  private var packets: UInt64 = 0
  private var gaps: UInt64 = 0
  private var lastIsNew = false
  private var lastIsFiller = false
  /// The last count of each stream.
  private var counts = [UInt8](repeating: neverSeen, count: 0x2000)

  init(_ file: Source) { self.file = file }

  mutating func examination() throws -> Examination {
    let head = try file.readPrefix(at: 0, count: 0x1000)
    guard let layout = head.withSpan({ TransportLayout($0) }) else {
      return .broken(at: 0, problem: "packets do not follow one another")
    }
    while try readOn(layout) {}
    var result: Examination
    do {
      result = try end(layout)
    } catch let error as Malformed {
      result = .broken(at: error.offset, problem: error.problem, evidence: evidence)
    }
    result.type = layout.stride == 188 ? "ts" : "m2ts"
    result.date = try RecordingDate(in: file, end: position)?.moment
    // Packets that are missing may be those of the broadcast, or of this file.
    if gaps > 0 { result.evidence.append(.payloadUnchecked) }
    // Another file's block may begin in the last packet.
    if result.end == .complete, position.rawValue % HiddenRoom.block < UInt64(layout.stride) {
      result.evidence.append(.endReasoned)
    }
    return result
  }

  private var evidence: [Evidence] {
    packets >= Self.fewPackets ? [.headerMatched("ts")] : []
  }

  private func end(_ layout: TransportLayout) throws -> Examination {
    guard packets > 0 else { throw Malformed(Self.name, "no packet stands here", at: 0) }
    let rest = try SectorRest(in: file, after: position)
    let last = position.moved(back: UInt64(clamping: layout.stride), notBefore: 0)
    if let end = try cutEnd(after: last, rest) {
      return .whole(Self.id, Self.name, end: end, and: [.endReasoned])
    }
    // By chance, what follows a file may begin like a packet: of a stream that was never met.
    let isChance = lastIsNew && packets > Self.fewPackets && rest != .zeros
    return try .chain(Self.id, Self.name, in: file, end: isChance ? last : position)
  }

  /// Where a recording ends that was cut in its last packet: at the zeros that fill its sector. Nil
  /// where the packet is whole.
  ///
  /// Throws `Malformed` where other data begin in it with a sector.
  private func cutEnd(after last: ByteOffset, _ rest: SectorRest) throws -> ByteOffset? {
    let sector = ByteOffset(position.rawValue / 512 * 512)
    let stop = rest == .zeros ? position : sector
    guard rest != .none, last < stop else { return nil }
    let bytes = try file.read(at: last, count: (last..<stop).length)
    let zeros = bytes.reversed().prefix { $0 == 0 }.count
    // A packet may well end with zeros of its own, or hold nothing else.
    let isCut =
      zeros >= (rest == .zeros ? Self.mostZeros : Self.fewZeros)
      && zeros < bytes.count - Self.leastPayload && last < sector && !lastIsFiller
    let end = stop.moved(back: UInt64(clamping: zeros), notBefore: last)
    if isCut, end <= sector { return end }
    guard rest == .zeros else {
      throw Malformed(Self.name, "its packets stop inside a sector", at: sector)
    }
    return nil
  }

  /// Checks the next packets; false where they end.
  private mutating func readOn(_ layout: TransportLayout) throws -> Bool {
    let bytes = try file.readPrefix(
      at: position, count: ByteCount(clamping: layout.stride * Self.packetsPerRead))
    var start = 0
    while start + layout.stride <= bytes.count {
      guard
        let packet = bytes.withSpan({ TransportPacket($0, at: start + layout.offset) }),
        !isAnotherFile(bytes, at: start, packet, layout)
      else { return false }
      take(packet)
      start += layout.stride
      position = position.advancedClamped(by: ByteCount(clamping: layout.stride))
    }
    return start > 0
  }

  private mutating func take(_ packet: TransportPacket) {
    packets &+= 1
    lastIsFiller = packet.stream == TransportPacket.filler
    guard !lastIsFiller else {
      lastIsNew = false
      return
    }
    let index = Int(packet.stream)
    lastIsNew = counts[index] == Self.neverSeen
    if !follows(packet) { gaps &+= 1 }
    counts[index] = packet.continuity
  }

  /// Whether a packet's count goes on from that of its stream: one more with each payload, and a
  /// packet may be sent twice.
  private func follows(_ packet: TransportPacket) -> Bool {
    let last = counts[Int(packet.stream)]
    return last == Self.neverSeen || packet.isDiscontinuous || packet.continuity == last
      || packet.hasPayload && packet.continuity == (last &+ 1) & 15
  }

  /// Whether another stream begins here: with a table, at a sector, and counts that do not go on.
  private func isAnotherFile(
    _ bytes: [UInt8], at start: Int, _ packet: TransportPacket, _ layout: TransportLayout
  ) -> Bool {
    guard packet.startsUnit, packet.stream <= 0x12, packets > 0,
      position.rawValue % 512 == 0
    else { return false }
    var breaks = 0
    var seen = Set<UInt16>()
    for index in 0..<8 {
      let place = start + index * layout.stride + layout.offset
      guard let next = bytes.withSpan({ TransportPacket($0, at: place) }) else { break }
      guard next.stream != TransportPacket.filler, seen.insert(next.stream).inserted else {
        continue
      }
      let last = counts[Int(next.stream)]
      let goesOn = next.hasPayload ? next.continuity == (last &+ 1) & 15 : next.continuity == last
      if last != Self.neverSeen, !goesOn { breaks += 1 }
    }
    return breaks >= 2
  }
}
