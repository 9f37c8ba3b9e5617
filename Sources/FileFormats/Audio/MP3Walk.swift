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
  private var isLayerII = false
  /// At least so many frames there are by the encoder's own count.
  private var statedFrames = 0
  private var title: String?
  private var date: Timestamp?

  init(_ file: Source) {
    self.file = file
    window = Window(file)
  }

  mutating func examination() throws -> Examination {
    let isTagged = try passID3()
    if isTagged { try passPadding() }
    let start = position
    let stated = try statedEnd()
    try followFrames()
    // The first frame may be the only one; a chain without a tag has to prove more.
    guard frames > (isTagged ? 0 : Self.fewestFrames) else {
      throw Malformed("MP3", "no frames follow", at: start)
    }
    if let stated, position < stated {
      return try short(of: stated)
    }
    if frames < statedFrames {
      throw Malformed("MP3", "the frames end before their stated number", at: position)
    }
    let tags = try TrailingTags(in: file, after: position)
    // Where neither a count nor a tag says so, the chain may have been cut here.
    var result =
      stated != nil || statedFrames > 0
      ? Examination.whole("mp3", "MP3", end: tags.end) : tags.examination("mp3", "MP3")
    if isLayerII { result.type = "mp2" }
    result.name = title
    result.date = date
    return result
  }

  /// Frames that end before the encoder's own count is reached.
  private func short(of stated: ByteOffset) throws -> Examination {
    if stated > file.range.upperBound, (try? position + 1500) ?? 0 > file.range.upperBound {
      throw Truncated()
    }
    throw Malformed("MP3", "the frames end before their stated number", at: position)
  }

  private mutating func passID3() throws -> Bool {
    var isTagged = false
    for _ in 0..<Self.mostTags {
      guard let tag = try ID3Tag(&window, at: position) else { break }
      guard tag.end <= file.range.upperBound else { throw Truncated() }
      if !isTagged { (title, date) = try tag.describe(file) }
      isTagged = true
      position = tag.end
    }
    return isTagged
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
      let end = try position + ByteCount(clamping: next.length)
      guard end <= file.range.upperBound else { throw Truncated() }
      position = end
      frames += 1
    }
  }

  /// Where the frames end by the encoder's own header in the first one, which counts the bytes.
  private mutating func statedEnd() throws -> ByteOffset? {
    guard let first = try frame(at: position) else { return nil }
    let place = try position + ByteCount(clamping: first.headerOffset)
    let isXing =
      try window.holds(Array("Xing".utf8), at: place) || window.holds(Array("Info".utf8), at: place)
    guard isXing else { return nil }
    let flags = try window.big(UInt32.self, at: place + 4)
    if flags & 1 != 0 {
      // Some writers count the frame that this stands in, some do not.
      statedFrames = Int(try window.big(UInt32.self, at: place + 8)).advanced(by: -2)
    }
    guard flags & 2 != 0 else { return nil }
    let bytes = UInt64(try window.big(UInt32.self, at: place + (flags & 1 != 0 ? 12 : 8)))
    // Some writers do not count the first frame, or round: the chain has the last word there.
    guard bytes > 8192 else { return nil }
    return try position + ByteCount(bytes - 4096)
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
