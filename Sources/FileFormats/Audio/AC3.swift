// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import SignatureScan

extension FileFormat {
  /// Dolby Digital and Dolby Digital Plus: a chain of frames, each with a CRC-16 over all of it.
  ///
  /// - Source: ATSC A/52:2018, *Digital Audio Compression (AC-3, E-AC-3)*, §5 and annex E.
  package static let ac3 = FileFormat(
    id: "ac3", name: "Dolby Digital sound", category: .audio, extensions: ["ac3", "eac3", "ec3"],
    validation: .checksums,
    signatures: [Signature([0x0B, 0x77], alignment: 512)] + ID3Tag.signatures,
    maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      if bytes.holds(Array("ID3".utf8), at: 0) {
        return ID3Tag.resembles(bytes, before: [[0x0B, 0x77]])
      }
      guard let first = AC3Frame(bytes, at: 0) else { return false }
      guard first.length &+ 8 <= bytes.byteCount else { return bytes.byteCount <= 0x1_0000 }
      // The only frame of a file is followed by the zeros of its sector.
      return AC3Frame(bytes, at: first.length)?.rate == first.rate
        || bytes.holds([0, 0, 0, 0, 0, 0, 0, 0], at: first.length)
        || first.length & 0x1FF == 0
    }
  ) { file in
    try AC3Walk.examination(file)
  }
}

/// The head of a frame.
///
/// | Offset | Size | Field       | Meaning                                                   |
/// |-------:|-----:|-------------|-----------------------------------------------------------|
/// |   0x00 |    2 | sync        | 0B 77                                                     |
/// |   0x02 |    2 | CRC or size | Plus: 11 bits of words, less one                          |
/// |   0x04 |    1 | rates       | 2 bits of sampling rate; not Plus: 6 bits of size         |
/// |   0x05 |    1 | version     | 5 bits: up to 10, or 11 to 16 for Plus                    |
///
/// - Source: ATSC A/52:2018, §5.3, §5.4.1 and §E.2.2.
private struct AC3Frame {
  private static let kilobits = [
    32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640,
  ]

  let rate: UInt8
  let isPlus: Bool
  let length: Int

  /// Nil where no frame starts.
  init?(_ bytes: RawSpan, at offset: Int) {
    guard bytes.holds([0x0B, 0x77], at: offset),
      let size = try? bytes.big(UInt16.self, at: offset &+ 2),
      let rates = try? bytes.little(UInt8.self, at: offset &+ 4),
      let version = (try? bytes.little(UInt8.self, at: offset &+ 5)).map({ $0 >> 3 }),
      version <= 16
    else { return nil }
    rate = rates >> 6
    isPlus = version > 10
    if isPlus {
      length = (Int(size & 0x7FF) + 1) * 2
      guard size >> 14 < 3, length >= 64 else { return nil }
    } else {
      let code = Int(rates & 0x3F)
      guard rate < 3, code < 2 * Self.kilobits.count else { return nil }
      let kilobits = Self.kilobits[code / 2]
      switch rate {
      case 0: length = kilobits * 4
      case 1: length = (kilobits * 320 / 147 + code % 2) * 2
      default: length = kilobits * 6
      }
    }
  }
}

/// The walk over a chain of frames.
private enum AC3Walk {
  private static let piece: UInt64 = 0x4_0000

  static func examination(_ file: Source) throws -> Examination {
    var window = Window(file, span: 4096)
    let tag = try ID3Tag(&window, at: 0)
    let start = tag?.end ?? 0
    let head = try file.readPrefix(at: start, count: 8)
    guard let first = head.withSpan({ AC3Frame($0, at: 0) }) else {
      return .broken(at: 0, problem: "no AC-3 frame follows the tag")
    }
    var position = start
    var frames: UInt64 = 0
    var problem: String?
    while problem == nil {
      let bytes = try file.readPrefix(at: position, count: ByteCount(piece))
      let (passed, index, stop) = bytes.withSpan { follow($0, rate: first.rate) }
      frames &+= passed
      position = try position + ByteCount(clamping: index)
      if stop == nil, bytes.count < Int(piece) || passed == 0 { break }
      problem = stop
    }
    guard frames > 1 || (frames == 1 && problem == nil) else {
      return .broken(at: 0, problem: "the checksum of its first AC-3 frame is wrong")
    }
    return try Examination.walk("ac3", file) {
      try end(file, at: position, frames: frames, tag: tag, problem, isPlus: first.isPlus)
    }
  }

  private static func end(
    _ file: Source, at position: ByteOffset, frames: UInt64, tag: ID3Tag?, _ problem: String?,
    isPlus: Bool
  ) throws -> Examination {
    if let problem {
      if let cut = try cutEnd(file, at: position) {
        return .truncated(at: cut, evidence: [.headerMatched("ac3")])
      }
      throw Malformed("AC-3", problem, at: position)
    }
    let rest = try file.readPrefix(at: position, count: 8)
    // The head of a frame that is cut off.
    if rest.withSpan({ AC3Frame($0, at: 0) }) != nil { throw Truncated() }
    var result = try TrailingTags(in: file, after: position).examination(
      "ac3", "AC-3", and: [.checksumsHold(count: frames, kind: "CRC-16")])
    result.type = isPlus ? "eac3" : "ac3"
    try tag?.describe(&result, in: file)
    return result
  }

  /// Where the file was cut, if the frame at `position` is its last one, and not all there.
  private static func cutEnd(_ file: Source, at position: ByteOffset) throws -> ByteOffset? {
    let head = try file.readPrefix(at: position, count: 8)
    guard let frame = head.withSpan({ AC3Frame($0, at: 0) }) else { return nil }
    let end = try position + ByteCount(clamping: frame.length)
    let next = try file.readPrefix(at: end, count: 8)
    guard next.withSpan({ AC3Frame($0, at: 0) }) == nil else { return nil }
    return try CutFrame.end(in: file, position..<end)
  }

  /// Passes the frames that lie in these bytes: how many, where the next one would start, and what is
  /// wrong with it.
  private static func follow(_ bytes: RawSpan, rate: UInt8) -> (UInt64, Int, String?) {
    var index = 0
    var passed: UInt64 = 0
    while let frame = AC3Frame(bytes, at: index), frame.rate == rate,
      index &+ frame.length <= bytes.byteCount
    {
      var crc = ForwardCRC(.ibm)
      crc.update(bytes.extracting(index &+ 2..<index &+ frame.length))
      guard crc.value == 0 else { return (passed, index, "the checksum of a frame is wrong") }
      index &+= frame.length
      passed &+= 1
    }
    return (passed, index, nil)
  }
}
