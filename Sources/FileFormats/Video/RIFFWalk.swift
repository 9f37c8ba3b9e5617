// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over a RIFF file's chunks, down into its lists.
struct RIFFWalk {
  static let mostChunks = 20_000_000
  private static let mostSegments = 512
  private static let mostForgotten: ByteCount = 256
  static let open: UInt64 = 0xFFFF_FFFF

  let file: Source
  private let id: String
  var window: Window
  private var chunks = 0
  var seen = Set<String>()
  /// Where the last chunk ends.
  private var reach: ByteOffset = 0
  private var title: String?
  private var date: Timestamp?
  /// The size of the data chunk where 32 bits do not hold it (RF64).
  private var longData: ByteCount?

  init(_ file: Source, id: String) {
    self.file = file
    self.id = id
    window = Window(file, span: 4096)
  }

  /// Follows the chunks by `body`. Until one of `proof` was seen, a break says nothing about the bytes
  /// that sizes jumped over.
  mutating func examination(
    proof: [String], _ body: (inout RIFFWalk) throws -> Examination
  ) throws -> Examination {
    do {
      return try body(&self)
    } catch  where !(error is ReadError) && seen.isDisjoint(with: proof) {
      throw Malformed("RIFF", "none of its own chunks stands in it", at: 0)
    }
  }

  mutating func wave() throws -> Examination {
    let isLong =
      try window.holds(Array("RF64".utf8), at: 0) || window.holds(Array("BW64".utf8), at: 0)
    let stated = try isLong ? longSize() : UInt64(window.little(UInt32.self, at: 4))
    if stated == 0 || stated == Self.open { return try openWave() }
    let end = try Self.end(size: stated)
    do {
      try walk(from: 12, to: end) { walk, chunk in try walk.takeWave(chunk) }
    } catch  where !(error is ReadError) && isWaveSizeOfAll(end) {
      var result = try complete(at: reach, "RIFF WAVE")
      result.evidence += [.payloadUnchecked, .endReasoned]
      return result
    }
    try require("fmt ", "data", at: end)
    var result = try complete(at: max(end, reach), "RIFF WAVE")
    // Samples are any bytes.
    result.evidence.append(.payloadUnchecked)
    return result
  }

  /// Some writers state the size of the whole file, which is eight bytes too many.
  private func isWaveSizeOfAll(_ end: ByteOffset) -> Bool {
    seen.isSuperset(of: ["fmt ", "data"]) && (try? reach + 8) == end
  }

  mutating func picture() throws -> Examination {
    let end = try Self.end(size: UInt64(window.little(UInt32.self, at: 4)))
    try walk(from: 12, to: end) { walk, chunk in try walk.takePicture(chunk) }
    guard seen.contains("VP8 ") || seen.contains("VP8L") || seen.contains("ANMF") else {
      throw Malformed("RIFF", "it holds no picture", at: end)
    }
    // The frames are not decoded: foreign bytes in one go unseen.
    var result = try complete(at: end, "RIFF WebP")
    result.evidence.append(.payloadUnchecked)
    return result
  }

  mutating func video() throws -> Examination {
    let stated = try window.little(UInt32.self, at: 4)
    if stated == 0 || UInt64(stated) == Self.open { return try openVideo() }
    var end: ByteOffset = 0
    for segment in 0..<Self.mostSegments {
      let start = end
      end = try Self.end(size: UInt64(window.little(UInt32.self, at: start + 4)), from: start)
      try walk(from: start + 12, to: end) { walk, chunk in try walk.takeVideo(chunk) }
      if segment == 0 { try require("hdrl", "movi", at: end) }
      let isFollowed =
        try window.holds(Array("RIFF".utf8), at: end)
        && window.holds(Array("AVIX".utf8), at: end + 8)
      if !isFollowed { break }
    }
    return try complete(at: end, "RIFF AVI")
  }

  /// Where the whole ends. An odd size is that of a writer who pads nothing, so no byte is added.
  private static func end(size: UInt64, from start: ByteOffset = 0) throws -> ByteOffset {
    guard size >= 12 else { throw Malformed("RIFF", "a size of \(size)", at: start) }
    return try start + ByteCount(size) + 8
  }

  /// Walks the chunks of one list; each must lie inside it.
  private mutating func walk(
    from start: ByteOffset, to end: ByteOffset,
    _ take: (inout RIFFWalk, RIFFChunk) throws -> Void
  ) throws {
    var position = start
    while let next = try? position + 8, next <= end {
      chunks += 1
      guard chunks < Self.mostChunks else {
        throw Malformed("RIFF", "there are too many chunks", at: position)
      }
      let chunk = try RIFFChunk(&window, at: position)
      let dataEnd = chunk.id == "data" ? longData.map(chunk.data.advancedClamped) : nil
      // Some writers forget a chunk when they add up the size of a Wave file.
      let slack: ByteCount = chunk.id == "data" && seen.contains("fmt ") ? Self.mostForgotten : 0
      guard (dataEnd ?? chunk.dataEnd) <= end.advancedClamped(by: slack) else {
        throw Malformed("RIFF", "a chunk reaches beyond its list", at: position)
      }
      guard (dataEnd ?? chunk.dataEnd) <= file.range.upperBound else { throw Truncated() }
      try take(&self, chunk)
      reach = max(reach, dataEnd ?? chunk.dataEnd)
      position = try dataEnd ?? behind(chunk, within: end)
    }
  }

  /// Where the next chunk starts: some writers leave the pad byte out.
  private mutating func behind(_ chunk: RIFFChunk, within end: ByteOffset) throws -> ByteOffset {
    guard chunk.end > chunk.dataEnd, chunk.end.advancedClamped(by: 8) <= end else {
      return chunk.end
    }
    if (try? RIFFChunk(&window, at: chunk.end)) == nil,
      let other = try? RIFFChunk(&window, at: chunk.dataEnd), other.dataEnd <= end
    {
      return chunk.dataEnd
    }
    return chunk.end
  }

  private mutating func takeWave(_ chunk: RIFFChunk) throws {
    if chunk.id == "data", !seen.contains("fmt ") {
      throw Malformed("RIFF", "sound before its format", at: chunk.start)
    }
    seen.insert(chunk.id)
    if chunk.id == "LIST", try form(of: chunk) == "INFO" { try takeList(chunk) }
    if chunk.id == "bext", chunk.size >= 338 {
      date = EXIF.moment(ContentText.text(try window.copy(at: chunk.data + 320, count: 18)))
    }
  }

  private mutating func takePicture(_ chunk: RIFFChunk) throws {
    switch chunk.id {
    case "VP8 ":
      guard try window.holds([0x9D, 0x01, 0x2A], at: chunk.data + 3) else {
        throw Malformed("RIFF", "a picture without its start code", at: chunk.start)
      }
    case "VP8L":
      guard try window.byte(at: chunk.data) == 0x2F else {
        throw Malformed("RIFF", "a picture without its start code", at: chunk.start)
      }
    case "ANMF" where chunk.size > 16:
      try walk(from: chunk.data + 16, to: chunk.dataEnd) { walk, inner in
        if inner.id != "ANMF" { try walk.takePicture(inner) }
      }
    case "EXIF": try takeEXIF(chunk)
    default: break
    }
    if seen.count < 64 { seen.insert(chunk.id) }
  }

  private mutating func takeEXIF(_ chunk: RIFFChunk) throws {
    let bytes = try file.read(at: chunk.data, count: min(chunk.size, 0x1_0000))
    let prefix = Array("Exif\0\0".utf8)
    let segment = bytes.holds(prefix, at: 0) ? bytes : prefix + bytes
    guard let exif = try EXIF(segment: segment, at: chunk.data) else { return }
    (title, date) = (exif.camera, exif.date)
  }

  mutating func takeVideo(_ chunk: RIFFChunk) throws {
    guard chunk.id == "LIST" else {
      if chunk.id == "IDIT" { try takeText(chunk) }
      return
    }
    let form = try form(of: chunk)
    seen.insert(form)
    switch form {
    case "hdrl": try takeList(chunk)
    case "INFO": try takeList(chunk)
    case "movi":
      try walk(from: chunk.data + 4, to: chunk.dataEnd) { walk, inner in
        try walk.checkMovie(inner)
      }
    default: break
    }
  }

  /// A chunk of a movie: two digits and a kind, an index, or a record of such.
  mutating func checkMovie(_ chunk: RIFFChunk) throws {
    let bytes = Array(chunk.id.utf8)
    let isNumbered = bytes.prefix(2).allSatisfy { (0x30...0x39).contains($0) || $0 | 32 > 0x60 }
    guard isNumbered || ["LIST", "JUNK", "idx1"].contains(chunk.id) else {
      throw Malformed("RIFF", "a chunk that is no part of a movie", at: chunk.start)
    }
    guard chunk.id == "LIST" else { return }
    try walk(from: chunk.data + 4, to: chunk.dataEnd) { walk, inner in
      if inner.id != "LIST" { try walk.checkMovie(inner) }
    }
  }

  private mutating func takeList(_ list: RIFFChunk) throws {
    try walk(from: list.data + 4, to: list.dataEnd) { walk, chunk in try walk.takeText(chunk) }
  }

  private mutating func takeText(_ chunk: RIFFChunk) throws {
    guard ["INAM", "ICRD", "IDIT"].contains(chunk.id) else { return }
    let count = Int(clamping: min(chunk.size, 200).rawValue)
    let text = ContentText.text(try window.copy(at: chunk.data, count: count))
    if chunk.id == "INAM" { title = text } else { date = RIFFDate.moment(text) ?? date }
  }

  mutating func form(of list: RIFFChunk) throws -> String {
    guard list.size >= 4 else { throw Malformed("RIFF", "a list without form", at: list.start) }
    return String(decoding: try window.copy(at: list.data, count: 4), as: UTF8.self)
  }

  func require(_ ids: String..., at end: ByteOffset) throws(Malformed) {
    for id in ids where !seen.contains(id) {
      throw Malformed("RIFF", "it holds no \(id)", at: end)
    }
  }

  /// The size of the whole in the first chunk of an RF64 file; that of the sound is kept.
  private mutating func longSize() throws -> UInt64 {
    guard try RIFFChunk(&window, at: 12).id == "ds64" else {
      throw Malformed("RIFF", "RF64 without its sizes", at: 12)
    }
    longData = ByteCount(try window.little(UInt64.self, at: 28))
    return try window.little(UInt64.self, at: 20)
  }

  /// A recording whose size was never written: its end is that of the last chunk.
  private mutating func openWave() throws -> Examination {
    var position: ByteOffset = 12
    while let chunk = try? RIFFChunk(&window, at: position), chunk.dataEnd <= file.range.upperBound,
      seen.count < 64, chunk.size > 0
    {
      try takeWave(chunk)
      position = chunk.end
    }
    try require("fmt ", "data", at: position)
    var result = try complete(at: position, "RIFF WAVE")
    result.evidence += [.payloadUnchecked, .endReasoned]
    return result
  }

  func complete(at end: ByteOffset, _ name: String) throws -> Examination {
    guard end <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole(id, name, end: end)
    result.name = title
    result.date = date
    return result
  }
}
