// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over a file of MPEG audio: tags, frames, tags.
struct MP3Walk {
  /// A bare chain shorter than this is a coincidence.
  private static let fewestFrames = 8
  /// The longest stretch of zeros between a tag and the first frame.
  private static let longestPadding = 0x1_0000

  /// Taggers that do not find each other's tag put theirs in front.
  private static let mostTags = 16

  private let file: Source
  private var window: Window
  private var position: ByteOffset = 0
  private var frames = 0
  /// Where the last frame starts that was passed.
  private var last: ByteOffset = 0
  /// Where the second frame starts.
  private var second: ByteOffset = 0
  private var isLayerII = false
  private var stated = MP3Count()
  private var tag: ID3Tag?

  init(_ file: Source) {
    self.file = file
    window = Window(file)
  }

  mutating func examination() throws -> Examination {
    let isTagged = try passID3()
    if isTagged { try passPadding() }
    let start = position
    stated = try readStated()
    try followFrames()
    // The first frame may be the only one; a chain without a tag has to prove more.
    guard frames > (isTagged ? 0 : Self.fewestFrames) else {
      throw Malformed("MP3", "no frames follow", at: start)
    }
    if stated.areMissing(frames, position) {
      if let cut = try CutFrame.end(in: file, last..<position) {
        return .truncated(at: cut, evidence: [.headerMatched("mp3")])
      }
      throw try short()
    }
    let tags = try TrailingTags(in: file, after: position)
    // Where neither a count nor a tag says so, the chain may have been cut here.
    var result = tags.examination(
      "mp3", "MP3", isEndStated: stated.areMet(frames, position),
      and: try stated.evidence(file, from: second, to: position))
    try tag?.describe(&result, in: file)
    if isLayerII { result.type = "mp2" }
    return result
  }

  /// Frames that end before the encoder's own count is reached.
  private func short() throws -> any Error {
    if let end = stated.end, end > file.range.upperBound,
      position.advancedClamped(by: 1500) > file.range.upperBound
    {
      return Truncated()
    }
    return Malformed("MP3", "the frames end before their stated number", at: position)
  }

  private mutating func passID3() throws -> Bool {
    for _ in 0..<Self.mostTags {
      guard let tag = try ID3Tag(&window, at: position) else { break }
      guard tag.end <= file.range.upperBound else { throw Truncated() }
      self.tag = self.tag ?? tag
      position = tag.end
    }
    return tag != nil
  }

  private mutating func passPadding() throws {
    for _ in 0..<Self.longestPadding {
      guard try window.byte(at: position) == 0 else { return }
      position = try position + 1
    }
    throw Malformed("MP3", "zeros follow the tag", at: position)
  }

  private mutating func frame(at offset: ByteOffset) throws -> MPEGAudioFrame? {
    guard let end = try? offset + 4, end <= file.range.upperBound else { return nil }
    return MPEGAudioFrame(try window.big(UInt32.self, at: offset))
  }

  /// Follows the chain while the constant fields stay as they are; `position` moves behind it.
  private mutating func followFrames() throws {
    guard let first = try frame(at: position) else {
      throw Malformed("MP3", "no frame starts here", at: position)
    }
    isLayerII = first.layer == 2
    while let next = try frame(at: position), first.isFollowed(by: next) {
      // The next file of the kind may start in the next sector.
      if position == stated.end, position.rawValue % 512 == 0 { break }
      let end = try position + ByteCount(clamping: next.length)
      guard end <= file.range.upperBound else { throw Truncated() }
      last = position
      position = end
      frames += 1
      if frames == 1 { second = end }
    }
  }

  /// What the encoder's own header in the first frame counts.
  private mutating func readStated() throws -> MP3Count {
    var count = MP3Count()
    guard let first = try frame(at: position) else { return count }
    let place = try position + ByteCount(clamping: first.headerOffset)
    let isXing =
      try window.holds(Array("Xing".utf8), at: place) || window.holds(Array("Info".utf8), at: place)
    guard isXing else {
      let other = try position + 36
      if try window.holds(Array("VBRI".utf8) + [0, 1], at: other) {
        count.end = try position + ByteCount(UInt64(window.big(UInt32.self, at: other + 10)))
        count.frames = Int(try window.big(UInt32.self, at: other + 14))
        count.start = position
      }
      return count
    }
    let flags = try window.big(UInt32.self, at: place + 4)
    if flags & 1 != 0 { count.frames = Int(try window.big(UInt32.self, at: place + 8)) }
    if flags & 2 != 0 {
      let bytes = UInt64(try window.big(UInt32.self, at: place + (flags & 1 != 0 ? 12 : 8)))
      if bytes > 0 { count.end = try position + ByteCount(bytes) }
      count.start = position
    }
    // The encoder's part follows the counts, a table of contents and the quality.
    let fields = [4, 4, 100, 4].enumerated().reduce(8) {
      $0 + (flags >> UInt32($1.offset) & 1 == 1 ? $1.element : 0)
    }
    let part = try place + ByteCount(clamping: fields)
    let encoder = (try? window.copy(at: part, count: 4)) ?? []
    if ["LAME", "Lavc", "Lavf"].contains(String(decoding: encoder, as: UTF8.self)) {
      let length = try window.big(UInt32.self, at: part + 28)
      let value = try window.big(UInt16.self, at: part + 32)
      if length > 0, value > 0 { count.checksum = (value, length) }
    }
    return count
  }

  /// A tag of a known version; or several frames in a row within these bytes.
  static let resembles: @Sendable (RawSpan) -> Bool = { bytes in
    if bytes.holds(Array("ID3".utf8), at: 0) { return ID3Tag.resembles(bytes) }
    var position = 0
    var seen = 0
    var first: MPEGAudioFrame?
    while let word = try? bytes.big(UInt32.self, at: position) {
      guard let frame = MPEGAudioFrame(word), first?.isFollowed(by: frame) ?? true else {
        return false
      }
      first = first ?? frame
      seen += 1
      position += frame.length
      if seen >= 4 { return true }
    }
    // With few bytes at hand one whole frame says little: only a longer look may answer yes.
    return seen >= 1 && bytes.byteCount <= 4096
  }
}
