// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// RealMedia: chunks of properties, packets and indexes.
  ///
  ///     0  ".RMF"  4  u32 size  8  u16 version  10  u32 file version  14  u32 count of headers
  ///     then chunks: PROP, MDPR for each stream, CONT, DATA, INDX …
  ///
  /// - Source: R. Agarwal and others, *RealMedia File Format* (Internet draft heftagaub-rmff-00).
  package static let realMedia = FileFormat(
    id: "rm", name: "RealMedia video", category: .video, extensions: ["rm", "rmvb", "ra"],
    otherCategories: [.audio: ["ra"]], validation: .structure, signatures: [Signature(".RMF")],
    maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      guard let size = try? bytes.big(UInt32.self, at: 4), (16...32).contains(size) else {
        return false
      }
      return ["PROP", "CONT", "MDPR"].contains { bytes.holds(Array($0.utf8), at: Int(size)) }
    }
  ) { file in
    try Examination.walk("rm", file) {
      var walk = RealMediaWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over the chunks of a RealMedia file, and the packets in them.
///
/// | Offset | Size | Field of a chunk | Unit                               |
/// |-------:|-----:|------------------|------------------------------------|
/// |   0x00 |    4 | id               | four letters                       |
/// |   0x04 |    4 | size             | bytes, head included               |
/// |   0x0A |    4 | packets          | in `DATA`: count; 0: not known     |
/// |   0x12 |    … | packets          | u16 version, u16 length, …         |
private struct RealMediaWalk {
  private static let mostChunks = 4096
  private static let known = ["PROP", "MDPR", "CONT", "DATA", "INDX", "RMMD", "RMJE", "RJMD"]
  private static let dataHead: ByteCount = 18

  private let file: Source
  private var window: Window
  private var hasData = false
  private var hasVideo = false
  private var hasSound = false
  private var isVariable = false
  private var isUnchecked = false
  /// Where the properties say that the index starts; zero for none.
  private var index: ByteOffset = 0
  private var hasIndex = false
  private var title: String?

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  mutating func examination() throws -> Examination {
    var position = ByteOffset(UInt64(try window.big(UInt32.self, at: 4)))
    for _ in 0..<Self.mostChunks {
      guard let head = try attempt({ try window.copy(at: position, count: 8) }) else { break }
      let id = String(decoding: head.prefix(4), as: UTF8.self)
      let size = try head.big(UInt32.self, at: 4)
      guard Self.known.contains(id), size >= 10 else { break }
      position = try take(id, at: position, end: position + ByteCount(UInt64(size)))
    }
    guard hasData else { throw Malformed("RealMedia", "no data behind the headers", at: position) }
    guard hasIndex || index < position else {
      throw Malformed("RealMedia", "it ends before its index", at: position)
    }
    var result = Examination.whole("rm", "RealMedia", end: position)
    if isUnchecked { result.evidence.append(.payloadUnchecked) }
    result.type = !hasVideo && hasSound ? "ra" : isVariable ? "rmvb" : "rm"
    result.name = title
    return result
  }

  /// Takes up a chunk and returns where the next one starts.
  private mutating func take(
    _ id: String, at start: ByteOffset, end: ByteOffset
  ) throws -> ByteOffset {
    if id == "DATA" { return try packets(of: start, end: end) }
    guard end <= file.range.upperBound else { throw Truncated() }
    switch id {
    case "INDX": hasIndex = true
    case "PROP":
      index = ByteOffset(UInt64(try window.big(UInt32.self, at: start + 38)))
      isVariable =
        try window.big(UInt32.self, at: start + 10) != window.big(UInt32.self, at: start + 14)
    case "MDPR":
      let bytes = try file.read(at: start, count: min((start..<end).length, 512))
      bytes.withSpan { span in
        hasVideo = hasVideo || span.firstIndex(of: Array("video/".utf8)) != nil
        hasSound = hasSound || span.firstIndex(of: Array("audio/".utf8)) != nil
      }
    case "CONT": title = try text(at: start + 10, end: end)
    default: break
    }
    return end
  }

  /// Title and author: each a length in two bytes, and the text.
  private mutating func text(at start: ByteOffset, end: ByteOffset) throws -> String? {
    var position = start
    var parts: [String] = []
    for _ in 0..<2 {
      let count = try window.big(UInt16.self, at: position)
      let next = try position + 2 + ByteCount(UInt64(count))
      guard next <= end else { break }
      let bytes = try window.copy(at: position + 2, count: Int(min(count, 400)))
      if let part = ContentText.text(bytes) { parts.append(part) }
      position = next
    }
    return ContentText.trimmed(parts.reversed().joined(separator: " - "))
  }

  /// Walks the packets of a data chunk and returns where it ends.
  private mutating func packets(of start: ByteOffset, end: ByteOffset) throws -> ByteOffset {
    let count = try window.big(UInt32.self, at: start + 10)
    hasData = true
    var position = try start + Self.dataHead
    var index: UInt32 = 0
    while position < end, count == 0 || index < count {
      let version = try window.big(UInt16.self, at: position)
      let length = try window.big(UInt16.self, at: position + 2)
      let next = try position + ByteCount(UInt64(length))
      guard version <= 1, length >= 12, next <= end else {
        throw Malformed("RealMedia", "no packet stands here", at: position)
      }
      position = next
      index &+= 1
    }
    // A common writer adds ten bytes too many, and eight zeros at the end.
    if try position + 18 == end, try window.holds([0, 0, 0, 0, 0, 0, 0, 0], at: position) {
      return try position + 8
    }
    if position != end { isUnchecked = true }
    guard end <= file.range.upperBound else { throw Truncated() }
    return end
  }
}
