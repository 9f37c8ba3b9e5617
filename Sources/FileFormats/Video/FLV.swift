// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Flash Video: a header, then tags of sound, pictures and script data, each with its size behind.
  ///
  ///     0  "FLV" 01  4  flags: 1 video, 4 sound  5  u32 header size: 9  9  u32 0
  ///     then tags: u8 kind, u24 size, u24+u8 time, u24 0, data; u32 size of the tag
  ///
  /// - Source: Adobe, *Video File Format Specification 10.1*, annex E.
  package static let flv = FileFormat(
    id: "flv", name: "Flash video", category: .video, validation: .structure,
    signatures: [Signature([0x46, 0x4C, 0x56, 1])], maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let flags = try? bytes.little(UInt8.self, at: 4),
        let kind = try? bytes.little(UInt8.self, at: 13)
      else { return false }
      return flags & 0xFA == 0 && bytes.holds([0, 0, 0, 9, 0, 0, 0, 0], at: 5)
        && [8, 9, 18].contains(kind & 0x1F) && bytes.holds([0, 0, 0], at: 21)
    }
  ) { file in
    try Examination.walk("flv", file) {
      var walk = FLVWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over the tags of a Flash video.
private struct FLVWalk {
  private static let mostTags = 50_000_000
  private static let headSize: ByteCount = 11
  private static let longestScript: UInt64 = 0x1_0000
  /// An H.264 picture tag that says that the sequence ends.
  private static let endOfSequence: [UInt8] = [0x17, 2, 0, 0, 0]

  private let file: Source
  private var window: Window
  private var fileSize: Double?
  private var date: Timestamp?
  private var hasMedia = false
  private var endsWithMark = false
  private var room = HiddenRoom()

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  mutating func examination() throws -> Examination {
    var position: ByteOffset = 13
    for _ in 0..<Self.mostTags {
      guard position < file.range.upperBound, let end = try tag(at: position) else { break }
      position = end
    }
    guard hasMedia else { throw Malformed("FLV", "no tag of sound or pictures", at: position) }
    let isMarked = endsWithMark || fileSize == Double(position.rawValue)
    var result = try Examination.chain("flv", "FLV", in: file, end: position, isMarked: isMarked)
    result.evidence += room.evidence(upTo: position)
    result.date = date
    return result
  }

  /// Checks a tag and returns where the next one would start; nil where none stands.
  private mutating func tag(at start: ByteOffset) throws -> ByteOffset? {
    let head = try file.readPrefix(at: start, count: Self.headSize)
    guard head.count == 11 else {
      if let kind = head.first, [8, 9, 18].contains(kind) { throw Truncated() }
      return nil
    }
    let kind = head[0]
    guard [8, 9, 18].contains(kind & 0x1F), kind & 0xC0 == 0, head.holds([0, 0, 0], at: 8) else {
      return nil
    }
    let size = UInt64(try head.big(UInt32.self, at: 0) & 0xFF_FFFF)
    let end = try start + Self.headSize + ByteCount(size)
    guard try UInt64(window.big(UInt32.self, at: end)) == size &+ 11 else {
      throw Malformed("FLV", "a tag whose size is not repeated", at: start)
    }
    room.add(stretch: ByteCount(size))
    let data = try start + Self.headSize
    if kind == 18 {
      try takeScript(at: data, count: ByteCount(min(size, Self.longestScript)))
    } else {
      hasMedia = true
    }
    if kind == 9 { endsWithMark = try size == 5 && window.holds(Self.endOfSequence, at: data) }
    return try end + 4
  }

  /// Takes size and date from the values that the script data name.
  private mutating func takeScript(at start: ByteOffset, count: ByteCount) throws {
    let bytes = try file.read(at: start, count: count)
    if let place = Self.value("filesize", in: bytes), bytes.holds([0], at: place) {
      fileSize = Double(bitPattern: try bytes.big(UInt64.self, at: place + 1))
    }
    if let place = Self.value("creationdate", in: bytes), bytes.holds([2], at: place) {
      let count = min(Int(try bytes.big(UInt16.self, at: place + 1)), 40)
      date = RIFFDate.moment(ContentText.text(try bytes.copy(at: place + 3, count: count)))
    }
  }

  /// Where the value of a property stands.
  private static func value(_ name: String, in bytes: [UInt8]) -> Int? {
    let key = [0, UInt8(truncatingIfNeeded: name.utf8.count)] + Array(name.utf8)
    return bytes.withSpan { $0.firstIndex(of: key) }.map { $0 + key.count }
  }
}
