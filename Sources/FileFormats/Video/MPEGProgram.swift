// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// MPEG program streams and the video objects of DVDs: packs of packets, up to an end code that
  /// many writers leave out.
  ///
  ///     00 00 01 BA  pack, 12 or 14 bytes and stuffing
  ///     00 00 01 BB  u16 length, system header: behind the first pack
  ///     00 00 01 BC–FF  u16 length, packet
  ///     00 00 01 B9  end
  ///
  /// - Source: ISO/IEC 13818-1:2019, §2.5 "Program stream bitstream requirements"; ISO/IEC
  ///   11172-1:1993, §2.4; for DVDs, the navigation packs as players read them.
  package static let mpegProgram = FileFormat(
    id: "mpg", name: "MPEG video", category: .video, extensions: ["mpg", "mpeg", "vob", "m2p"],
    validation: .structure, signatures: [Signature(MPEGPack.startCode, alignment: 512)],
    maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      // A pack of a later time is more likely to stand inside a file.
      guard let pack = MPEGPack(bytes), pack.isFollowedBySystemHeader, pack.clock < latestStart,
        let length = try? bytes.big(UInt16.self, at: pack.length + 4), length >= 6
      else { return false }
      let next = pack.length + 6 + Int(length)
      return next > bytes.byteCount - 4
        || bytes.holds([0, 0, 1], at: next)
          && ((try? bytes.little(UInt8.self, at: next + 3)).map { $0 >= 0xB9 } ?? false)
    }
  ) { file in
    var walk = MPEGProgramWalk(file)
    return try walk.examination()
  }

  /// The clock of a first pack: up to five minutes, in 1/90000 s.
  private static let latestStart: UInt64 = 300 * 90_000
}

/// The walk over the packs and packets of an MPEG program stream.
private struct MPEGProgramWalk {
  /// Zeros that some writers fill a sector of a Video CD with.
  private static let mostFiller = 2324
  /// The part of a sector of a Video CD that holds data, and what other writers keep of it.
  private static let discSector: UInt64 = 2324
  private static let shortDiscSector: UInt64 = 2048
  /// How many of them a sector of sound leaves empty.
  private static let discFiller: UInt64 = 20
  private static let mostPackets = 200_000_000
  /// From one pack to the next, in 1/90000 s.
  private static let longestStep: UInt64 = 2 * 90_000
  /// Fewer packets prove too little for a part of a file to be worth keeping.
  private static let fewPackets = 8

  private let file: Source
  private var window: Window
  private var packets = 0
  private var hasMedia = false
  /// The size of the sectors that are filled up; nil before one was seen.
  private var filledSector: UInt64?
  private var isDisc = false
  private var clock: UInt64 = 0
  private var jumps = 0
  private var firstBlock: UInt32 = 0

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  mutating func examination() throws -> Examination {
    var result: Examination
    do {
      result = try walk()
    } catch is Truncated {
      result = .truncated(at: file.range.upperBound, evidence: evidence)
    } catch let error as Malformed {
      result = .broken(at: error.offset, problem: error.problem, evidence: evidence)
    }
    result.type = isDisc ? "vob" : "mpg"
    return result
  }

  private var evidence: [Evidence] {
    packets >= Self.fewPackets ? [.headerMatched("mpg")] : []
  }

  private mutating func walk() throws -> Examination {
    var position: ByteOffset = 0
    var isEnded = false
    var isPackEmpty = false
    while packets < Self.mostPackets, !isEnded, let start = try nextCode(from: position) {
      let code = try window.byte(at: start + 3)
      switch code {
      case 0xB9:
        position = try start + 4
        isPackEmpty = false
        isEnded = try !continues(at: position)
      case 0xBA:
        guard let end = try pack(at: start) else {
          isEnded = true
          continue
        }
        position = end
        isPackEmpty = true
      default:
        let length = try window.big(UInt16.self, at: start + 4)
        let end = try start + 6 + ByteCount(UInt64(length))
        guard length > 0 else { throw Malformed("MPEG", "an empty packet", at: start) }
        guard end <= file.range.upperBound else { throw Truncated() }
        hasMedia = hasMedia || code == 0xBD || code >= 0xC0
        position = end
        isPackEmpty = false
        packets += 1
      }
    }
    guard hasMedia else { throw Malformed("MPEG", "no packet of sound or pictures", at: position) }
    guard !isPackEmpty else { throw Malformed("MPEG", "a pack of nothing", at: position) }
    if let filledSector { position = try endOfDiscSector(position, of: filledSector) }
    let isMarked = try window.holds([0, 0, 1, 0xB9], at: position.moved(back: 4, notBefore: 0))
    var result = try Examination.chain(
      "mpg", "MPEG program stream", in: file, end: position, isMarked: isMarked)
    // Where the clock jumps, another recording begins, or another file's packs.
    if jumps > 0 { result.evidence.append(.payloadUnchecked) }
    return result
  }

  /// Where the next pack, packet or end code starts, at once or behind filler; nil where none does.
  private mutating func nextCode(from position: ByteOffset) throws -> ByteOffset? {
    if try isCode(at: position) { return position }
    guard try window.holds([0], at: position), position > 0 else { return nil }
    let rest = try file.readPrefix(at: position, count: ByteCount(clamping: Self.mostFiller + 4))
    guard let end = rest.firstIndex(where: { $0 != 0 }), end >= 2, rest[end] == 1 else {
      return nil
    }
    let start = position.advancedClamped(by: ByteCount(clamping: end - 2))
    // Behind filler stands a pack, and not that of another file.
    guard try window.holds(MPEGPack.startCode, at: start),
      try start.rawValue % 512 != 0 || goesOn(at: start, behind: end - 2)
    else { return nil }
    let isShort = start.rawValue % Self.shortDiscSector == 0
    filledSector = filledSector ?? (isShort ? Self.shortDiscSector : Self.discSector)
    return start
  }

  /// Whether the pack where a sector starts is the next of this stream: the filler is that of sound,
  /// and no file begins with a pack that has no system header behind it.
  private func goesOn(at start: ByteOffset, behind filler: Int) throws -> Bool {
    let bytes = try file.readPrefix(at: start, count: 0x40)
    guard let pack = bytes.withSpan({ MPEGPack($0) }) else {
      if bytes.count < MPEGPack.longest { throw Truncated() }
      return false
    }
    return start.rawValue % Self.shortDiscSector == 0
      && UInt64(clamping: filler) <= Self.discFiller && !pack.isFollowedBySystemHeader
      && pack.clock >= clock && pack.clock &- clock <= Self.longestStep
  }

  /// The end of a Video CD's sector, where no more than its filler is missing up to there.
  private func endOfDiscSector(_ end: ByteOffset, of sector: UInt64) throws -> ByteOffset {
    let rest = (sector &- end.rawValue % sector) % sector
    let bytes = try file.readPrefix(at: end, count: ByteCount(rest))
    guard rest <= Self.discFiller, UInt64(clamping: bytes.count) == rest,
      bytes.allSatisfy({ $0 == 0 })
    else { return end }
    return end.advancedClamped(by: ByteCount(rest))
  }

  private mutating func isCode(at position: ByteOffset) throws -> Bool {
    guard try window.holds([0, 0, 1], at: position), let place = try? position + 3,
      place < file.range.upperBound
    else { return false }
    return try window.byte(at: place) >= 0xB9
  }

  /// Reads a pack and returns where it ends; nil where it begins another file.
  private mutating func pack(at start: ByteOffset) throws -> ByteOffset? {
    let bytes = try file.readPrefix(at: start, count: 0x40)
    guard let pack = bytes.withSpan({ MPEGPack($0) }) else {
      throw Malformed("MPEG", "a pack without its markers", at: start)
    }
    if start == 0 {
      isDisc = pack.block != nil
      firstBlock = pack.block ?? 0
    } else if start.rawValue % 512 == 0, pack.isFollowedBySystemHeader {
      // Some writers leave the block numbers of a DVD empty.
      let isNumbered = pack.block.map { $0 != firstBlock } ?? false
      let distance = UInt32(truncatingIfNeeded: start.rawValue / 2048)
      if isNumbered ? pack.block != firstBlock &+ distance : pack.clock < clock { return nil }
      if (pack.block != nil) != isDisc { return nil }
    }
    if start > 0, pack.clock < clock || pack.clock &- clock > Self.longestStep { jumps += 1 }
    clock = pack.clock
    return try start + ByteCount(clamping: pack.length)
  }

  /// Whether the stream goes on behind an end code: not where another file may begin.
  private mutating func continues(at position: ByteOffset) throws -> Bool {
    try position.rawValue % 512 != 0 && window.holds(MPEGPack.startCode, at: position)
  }
}
