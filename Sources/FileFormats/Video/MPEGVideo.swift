// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// MPEG-1 and MPEG-2 pictures without a container.
  ///
  ///     00 00 01 B3  sequence: 12 bits width, 12 height, 4 shape, 4 rate, 18 bit rate, 1 marker …
  ///     00 00 01 B5  extension   B2  user data   B8  group   00  picture   01–AF  slice   B7  end
  ///
  /// - Source: ISO/IEC 13818-2:2013, §6.2 "Video bitstream syntax"; ISO/IEC 11172-2:1993.
  package static let mpegVideo = FileFormat(
    id: "m2v", name: "MPEG video stream", category: .video, extensions: ["m2v", "m1v", "mpv"],
    validation: .reasoning, signatures: [Signature([0, 0, 1, 0xB3], alignment: 512)],
    maximumSize: 0x4_0000_0000, resembles: MPEGVideoWalk.resembles
  ) { file in
    var walk = MPEGVideoWalk(file)
    return try walk.examination()
  }
}

/// The walk over the start codes of MPEG pictures.
private struct MPEGVideoWalk {
  private enum Code {
    static let picture: UInt8 = 0
    static let user: UInt8 = 0xB2
    static let sequence: UInt8 = 0xB3
    static let extended: UInt8 = 0xB5
    static let end: UInt8 = 0xB7
    static let group: UInt8 = 0xB8
  }
  private static let fewSlices = 64

  private let file: Source
  private var codes: StartCodes
  private var slices = 0
  private var row: UInt8 = 0
  private var isExtended = false

  init(_ file: Source) {
    self.file = file
    codes = StartCodes(file, lowest: 1)
  }

  mutating func examination() throws -> Examination {
    var position: ByteOffset = 0
    var isStarted = false
    while true {
      switch try codes.next(from: position) {
      case .code(Code.end, let place, _):
        let end = place.advancedClamped(by: 4)
        if try isFollowed(at: end) {
          position = end
          continue
        }
        return slices == 0 ? broken(at: position) : whole(end: end, and: .payloadUnchecked)
      // Zeros fill the sector in front: another file begins.
      case .code(Code.sequence, let place, let filler)
      where isStarted && place.rawValue % 512 == 0 && filler < place:
        return try end(at: filler)
      case .code(let code, let place, _):
        guard accept(code) else { return broken(at: place) }
        isStarted = true
        position = place.advancedClamped(by: 4)
      case .zeros(let place): return try end(at: place)
      case .end: return try end(at: file.range.upperBound)
      case .foreign: return broken(at: position)
      }
    }
  }

  /// Takes up a code; false where it is none of such a stream.
  private mutating func accept(_ code: UInt8) -> Bool {
    switch code {
    case Code.sequence, Code.user, Code.group: return true
    case Code.extended:
      isExtended = true
      return true
    case Code.picture:
      row = 0
      return true
    case 0x01...0xAF:
      // Slices go down the picture.
      guard code >= row else { return false }
      row = code
      slices += 1
      return true
    default: return false
    }
  }

  private func isFollowed(at end: ByteOffset) throws -> Bool {
    try end.rawValue % 512 != 0
      && file.readPrefix(at: end, count: 4) == [0, 0, 1, Code.sequence]
  }

  private func end(at end: ByteOffset) throws -> Examination {
    guard slices > 0, try SectorRest(in: file, after: end) != .foreign else {
      return broken(at: end)
    }
    return whole(end: end, and: .endReasoned)
  }

  /// Codes alone do not tell whether foreign bytes stand between them.
  private func whole(end: ByteOffset, and doubt: Evidence) -> Examination {
    var result = Examination.whole("m2v", "MPEG video", end: end, and: [doubt])
    result.type = isExtended ? "m2v" : "m1v"
    return result
  }

  private func broken(at offset: ByteOffset) -> Examination {
    .broken(
      at: offset, problem: "the stream stops",
      evidence: slices >= Self.fewSlices ? [.headerMatched("m2v")] : [])
  }

  /// A plausible size, shape and rate, and a further code right behind.
  static let resembles: @Sendable (RawSpan) -> Bool = { bytes in
    guard let size = try? bytes.big(UInt32.self, at: 4),
      let rate = try? bytes.big(UInt32.self, at: 8), rate & 0x2000 != 0
    else { return false }
    let (width, height) = (size >> 20, size >> 8 & 0xFFF)
    guard (16...4095).contains(width), (16...4095).contains(height),
      (1...14).contains(size >> 4 & 15), (1...8).contains(size & 15), rate >> 14 != 0
    else { return false }
    // A matrix of 64 bytes may follow, then a bit that tells of another one.
    var next = 12
    if rate & 2 != 0 { next += 64 }
    let last = (try? bytes.little(UInt8.self, at: next - 1)) ?? 0
    if last & 1 != 0 { next += 64 }
    return [Code.extended, Code.group, Code.user].contains { bytes.holds([0, 0, 1, $0], at: next) }
  }
}
