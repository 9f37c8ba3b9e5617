// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Sound fonts: names, samples and presets in lists of a RIFF form.
  ///
  /// - Source: Creative Technology, *SoundFont Technical Specification 2.04*.
  package static let sf2 = FileFormat(
    id: "sf2", name: "SoundFont", category: .audio, extensions: ["sf2", "sf3"], validation: .size,
    signatures: [RIFFSound.signature("sfbk")], maximumSize: 0x1_0000_0008,
    resembles: RIFFChunk.resemblesFirst
  ) { file in
    try RIFFSound.examination(file, "sf2", requires: ["INFO", "sdta", "pdta"])
  }

  /// Downloadable sounds: instruments and waves in lists of a RIFF form.
  ///
  /// - Source: MIDI Manufacturers Association, *Downloadable Sounds Level 2.1*.
  package static let dls = FileFormat(
    id: "dls", name: "DLS instruments", category: .audio, validation: .size,
    signatures: [RIFFSound.signature("DLS ")], maximumSize: 0x1_0000_0008,
    resembles: RIFFChunk.resemblesFirst
  ) { file in
    try RIFFSound.examination(file, "dls", requires: ["colh", "lins"])
  }

  /// Qualcomm's speech: QCELP or EVRC packets in a RIFF form.
  ///
  /// - Source: RFC 3625, *The QCP File Format and Media Types for Speech Data*.
  package static let qcp = FileFormat(
    id: "qcp", name: "QCP speech", category: .audio, validation: .size,
    signatures: [RIFFSound.signature("QLCM")], maximumSize: 0x1000_0000,
    resembles: RIFFChunk.resemblesFirst
  ) { file in
    try RIFFSound.examination(file, "qcp", requires: ["fmt ", "data"])
  }

  /// A track of an audio CD, as Windows shows it: where it starts and how long it is.
  ///
  /// - Source: Microsoft, *Multimedia Systems Group, New Multimedia Data Types*; files as found.
  package static let cda = FileFormat(
    id: "cda", name: "CD track", category: .audio, validation: .structure,
    signatures: [RIFFSound.signature("CDDA")], maximumSize: 4096,
    resembles: RIFFChunk.resemblesFirst
  ) { file in
    try RIFFSound.examination(file, "cda", requires: ["fmt "])
  }

  /// A MIDI file in a RIFF form.
  ///
  /// - Source: Microsoft, *Multimedia Data Standards Update*, 1994, "RMID".
  package static let rmi = FileFormat(
    id: "rmi", name: "RIFF MIDI music", category: .audio, validation: .structure,
    signatures: [RIFFSound.signature("RMID")], maximumSize: 0x1000_0000,
    resembles: RIFFChunk.resemblesFirst
  ) { file in
    try RIFFSound.examination(file, "rmi", requires: ["data"])
  }
}

/// The walk over a RIFF form of sound, and over the lists in it.
private struct RIFFSound {
  private static let mostChunks = 1_000_000
  /// Chunks of records, and the records' size.
  private static let records: [String: UInt64] = [
    "phdr": 38, "pbag": 4, "pmod": 10, "pgen": 4, "inst": 22, "ibag": 4, "imod": 10, "igen": 4,
    "shdr": 46,
  ]

  private let file: Source
  private var window: Window
  private var chunks = 0
  private var seen = Set<String>()
  private var title: String?
  private var music: Examination?

  static func examination(
    _ file: Source, _ id: String, requires: Set<String>
  ) throws -> Examination {
    try Examination.walk(id, file) {
      var walk = RIFFSound(file: file, window: Window(file, span: 4096))
      let end = try ByteOffset(8) + ByteCount(UInt64(walk.window.little(UInt32.self, at: 4)))
      do {
        try walk.follow(from: 12, to: end, depth: 0)
        guard end <= file.range.upperBound else { throw Truncated() }
      } catch  where !(error is ReadError) && walk.seen.isDisjoint(with: requires) {
        // So far nothing tells it from bytes that happen to begin like it.
        throw Malformed("RIFF", "none of its own chunks stands in it", at: 0)
      }
      guard walk.seen.isSuperset(of: requires) else {
        throw Malformed("RIFF", "a chunk is missing", at: end)
      }
      return try walk.result(id, end)
    }
  }

  private func result(_ id: String, _ end: ByteOffset) throws -> Examination {
    var evidence: [Evidence] = end < 512 ? [] : [.payloadUnchecked]
    if let music {
      guard music.end == .complete else { throw Malformed("RIFF", "its music is damaged", at: 12) }
      evidence = music.evidence.contains(.payloadUnchecked) ? [.payloadUnchecked] : []
    }
    var result = Examination.whole(id, "RIFF", end: end, and: evidence)
    result.name = title ?? music?.name
    return result
  }

  private mutating func follow(from start: ByteOffset, to end: ByteOffset, depth: Int) throws {
    var position = start
    while let next = try? position + 8, next <= end {
      chunks += 1
      guard chunks < Self.mostChunks else {
        throw Malformed("RIFF", "there are too many chunks", at: position)
      }
      let chunk = try RIFFChunk(&window, at: position)
      guard chunk.dataEnd <= end else {
        throw Malformed("RIFF", "a chunk reaches beyond its list", at: position)
      }
      guard chunk.dataEnd <= file.range.upperBound else { throw Truncated() }
      try take(chunk, depth: depth)
      position = chunk.end
    }
  }

  private mutating func take(_ chunk: RIFFChunk, depth: Int) throws {
    if seen.count < 64 { seen.insert(chunk.id) }
    if let size = Self.records[chunk.id], chunk.size.rawValue % size != 0 {
      throw Malformed("RIFF", "records that do not fit their chunk", at: chunk.start)
    }
    switch chunk.id {
    case "LIST" where chunk.size >= 4 && depth < 8:
      seen.insert(String(decoding: try window.copy(at: chunk.data, count: 4), as: UTF8.self))
      try follow(from: chunk.data + 4, to: chunk.dataEnd, depth: depth + 1)
    case "INAM" where title == nil:
      let count = Int(clamping: min(chunk.size, 200).rawValue)
      title = ContentText.text(try window.copy(at: chunk.data, count: count))
    case "data" where music == nil && chunk.size > 14:
      let inner = try file.slice(chunk.data..<chunk.dataEnd)
      if try inner.big(UInt32.self, at: 0) == 0x4D54_6864 {
        music = try FileFormat.midi.examine(inner)
      }
    default: break
    }
  }

  static func signature(_ form: String) -> Signature {
    let any = [Signature.Element](repeating: .init(0, mask: 0), count: 4)
    return Signature(
      masked: "RIFF".utf8.map { Signature.Element($0) } + any
        + form.utf8.map { Signature.Element($0) })
  }
}
