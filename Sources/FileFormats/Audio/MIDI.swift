// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Standard MIDI file: a head with the number of tracks, and as many tracks, followed event by event.
  /// Keyboards write chunks of their own behind the tracks.
  ///
  ///     0 MThd   4 u32 length, 6   8 u16 format   10 u16 tracks   12 u16 division   (big-endian)
  ///
  /// - Source: MIDI Manufacturers Association, *Standard MIDI Files 1.0* (RP-001).
  package static let midi = FileFormat(
    id: "mid", name: "MIDI music", category: .audio, extensions: ["mid", "midi", "kar", "sty"],
    validation: .structure,
    signatures: [Signature(Array("MThd".utf8) + [0, 0, 0])], maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let length = try? bytes.big(UInt32.self, at: 4),
        let format = try? bytes.big(UInt16.self, at: 8),
        let tracks = try? bytes.big(UInt16.self, at: 10)
      else { return false }
      return (6...64).contains(length) && format <= 2 && tracks > 0
    }
  ) { file in
    try Examination.walk("mid", file) {
      var walk = MIDIWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over the chunks of a MIDI file.
struct MIDIWalk {
  private static let longestTrack: UInt64 = 0x100_0000
  private static let mostChunks = 100_000
  /// What keyboards put behind the tracks.
  private static let appended: Set<String> = [
    "CASM", "CSEG", "FNRc", "MDB ", "MHhd", "MHtr", "OTSc", "XFIH", "XFKM",
  ]

  private let file: Source
  private var window: Window
  private var position: ByteOffset = 0
  private var chunks = 0
  private var title: String?
  private var isPlausible = true

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  mutating func examination() throws -> Examination {
    guard try window.holds(Array("MThd".utf8), at: 0) else {
      throw Malformed("MIDI", "it does not start with a head", at: 0)
    }
    let length = try window.big(UInt32.self, at: 4)
    let stated = try window.big(UInt16.self, at: 10)
    guard (6...64).contains(length), stated > 0 else {
      throw Malformed("MIDI", "a head that none can have", at: 4)
    }
    position = try ByteOffset(8) + ByteCount(UInt64(length))
    var tracks: UInt16 = 0
    while tracks < stated { tracks += try passChunk() == "MTrk" ? 1 : 0 }
    while let id = try? window.copy(at: position, count: 4),
      Self.appended.contains(String(decoding: id, as: UTF8.self))
    {
      _ = try passChunk()
    }
    var result = Examination.whole(
      "mid", "MIDI", end: position, and: isPlausible ? [] : [.payloadUnchecked])
    result.name = title
    return result
  }

  /// Passes a chunk: four letters, and four bytes of length.
  private mutating func passChunk() throws -> String {
    let letters = try window.copy(at: position, count: 4)
    guard letters.allSatisfy({ (0x20...0x7E).contains($0) }), chunks < Self.mostChunks else {
      throw Malformed("MIDI", "no track starts here", at: position)
    }
    let length = ByteCount(UInt64(try window.big(UInt32.self, at: position + 4)))
    let data = try position + 8
    let end = try data + length
    guard end <= file.range.upperBound else { throw Truncated() }
    chunks += 1
    if letters == Array("MTrk".utf8) {
      guard length.rawValue <= Self.longestTrack else {
        throw Malformed("MIDI", "a track of \(length.rawValue) bytes", at: position)
      }
      var track = MIDITrack(try file.read(at: data, count: length))
      do {
        try track.follow()
      } catch let error as Malformed {
        throw Malformed(
          "MIDI", error.problem, at: data.advancedClamped(by: ByteCount(error.offset.rawValue)))
      }
      isPlausible = isPlausible && track.isPlausible
      title = title ?? track.name
    }
    position = end
    return String(decoding: letters, as: UTF8.self)
  }
}
