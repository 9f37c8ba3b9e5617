// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// H.264 pictures without a container.
  ///
  ///     00 00 00 01 67  parameters of the sequence: u8 profile, u8 constraints, u8 level
  ///     00 00 00 01 09  or first a delimiter, u8 kind
  ///
  /// - Source: ITU-T H.264 (08/2021), §7.3.1 "NAL unit syntax", annex B.
  package static let h264 = FileFormat(
    id: "h264", name: "H.264 video stream", category: .video, extensions: ["h264", "264", "avc"],
    validation: .reasoning,
    signatures: [
      Signature([0, 0, 0, 1, 0x67], alignment: 512), Signature([0, 0, 0, 1, 0x27], alignment: 512),
      Signature([0, 0, 0, 1, 0x09], alignment: 512),
    ],
    maximumSize: 0x4_0000_0000,
    resembles: { bytes in
      let isDelimited = bytes.holds([9], at: 4)
      // A delimiter has one byte, then the next code.
      let start = isDelimited ? (bytes.holds([0, 0, 1], at: 6) ? 9 : 10) : 4
      guard !isDelimited || bytes.holds([0, 0, 1], at: start - 3),
        let unit = try? bytes.little(UInt8.self, at: start), unit == 0x67 || unit == 0x27,
        let profile = try? bytes.little(UInt8.self, at: start + 1),
        let constraints = try? bytes.little(UInt8.self, at: start + 2),
        let level = try? bytes.little(UInt8.self, at: start + 3)
      else { return false }
      let known: [UInt8] = [66, 77, 88, 100, 110, 122, 244, 118, 128]
      return known.contains(profile) && constraints & 3 == 0 && (9...62).contains(level)
        && CodedVideoWalk.hasCode(bytes, from: start + 4)
    }
  ) { file in
    var walk = CodedVideoWalk(file, id: "h264", name: "H.264")
    return try walk.examination()
  }

  /// H.265 pictures without a container: parameters of the video come first.
  ///
  /// - Source: ITU-T H.265 (08/2021), §7.3.1 "NAL unit syntax", §7.3.2.1, annex B.
  package static let h265 = FileFormat(
    id: "hevc", name: "H.265 video stream", category: .video, extensions: ["hevc", "h265", "265"],
    validation: .reasoning,
    signatures: [Signature([0, 0, 0, 1, 0x40, 1, 0x0C], alignment: 512)],
    maximumSize: 0x4_0000_0000,
    resembles: { bytes in
      bytes.holds([0xFF, 0xFF], at: 8) && CodedVideoWalk.hasCode(bytes, from: 10)
    }
  ) { file in
    var walk = CodedVideoWalk(file, id: "hevc", name: "H.265")
    return try walk.examination()
  }
}

/// The walk over the units of H.264 or H.265 pictures, each behind a start code.
private struct CodedVideoWalk {
  private static let fewUnits = 16
  /// Units of pictures, parameters, messages and marks.
  private static let h264Kinds: Set<UInt8> = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 20,
  ]

  private let file: Source
  private let id: String
  private let name: String
  private var codes: StartCodes
  private var units = 0
  private var pictures = 0

  init(_ file: Source, id: String, name: String) {
    self.file = file
    self.id = id
    self.name = name
    codes = StartCodes(file, lowest: 3)
  }

  mutating func examination() throws -> Examination {
    var position: ByteOffset = 0
    while true {
      switch try codes.next(from: position) {
      case .code(let code, let place, let filler):
        // Zeros fill the sector in front of a code that has one more: another file begins.
        if units > 0, place.rawValue % 512 == 1, isStart(code),
          filler.advancedClamped(by: 1) < place
        {
          return try end(at: filler)
        }
        guard accept(code) else { return broken(at: place) }
        position = place.advancedClamped(by: 4)
      case .zeros(let place): return try end(at: place)
      case .end: return try end(at: file.range.upperBound)
      case .foreign: return broken(at: position)
      }
    }
  }

  /// Takes up a unit by its first byte; false where no unit begins so.
  private mutating func accept(_ code: UInt8) -> Bool {
    guard code & 0x80 == 0 else { return false }
    units += 1
    if id == "h264" {
      let kind = code & 0x1F
      if kind == 1 || kind == 5 { pictures += 1 }
      return Self.h264Kinds.contains(kind)
    }
    // The low bit belongs to the layer, of which the first 32 are in use.
    let kind = code >> 1
    if kind < 32 { pictures += 1 }
    return kind <= 40 && !(10...15).contains(kind) && !(22...31).contains(kind) && code & 1 == 0
      || kind >= 48
  }

  private func isStart(_ code: UInt8) -> Bool {
    id == "h264" ? [7, 9].contains(code & 0x1F) : code == 0x40
  }

  private func end(at end: ByteOffset) throws -> Examination {
    guard pictures > 0, try SectorRest(in: file, after: end) != .foreign else {
      return broken(at: end)
    }
    return .whole(id, name, end: end, and: [.endReasoned])
  }

  private func broken(at offset: ByteOffset) -> Examination {
    .broken(
      at: offset, problem: "the stream stops",
      evidence: units >= Self.fewUnits ? [.headerMatched(id)] : [])
  }

  /// Whether a further code follows soon, where the bytes reach so far.
  static func hasCode(_ bytes: RawSpan, from start: Int) -> Bool {
    bytes.byteCount < 256 || bytes.firstIndex(of: [0, 0, 1], from: start).map { $0 < 256 } ?? false
  }
}
