// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The blocks of metadata before the frames of a FLAC stream.
///
/// | Bits | Field  | Meaning                                                     |
/// |-----:|--------|-------------------------------------------------------------|
/// |    1 | last   | frames follow                                               |
/// |    7 | type   | 0 stream, 1 padding, 3 seek points, 4 comment, 6 picture    |
/// |   24 | length | bytes that follow                                           |
///
/// The stream's block holds, from bit 100 on, 3 bits of channels less one, 5 bits of sample size less
/// one, and 36 bits of samples; zero where unknown.
///
/// - Source: RFC 9639, *Free Lossless Audio Codec (FLAC)*, §8.
struct FLACMetadata {
  private static let mostBlocks = 1024
  /// No foreign sector fits into a block that is shorter, unless it breaks the chain of blocks.
  private static let shortBlock: UInt64 = 512

  private(set) var samples: UInt64 = 0
  private(set) var sampleSize = 0
  private(set) var name: String?
  private(set) var date: Timestamp?
  private(set) var pictures: [Examination.Child] = []
  /// Whether foreign bytes in any block would be noticed as surely as in a frame.
  private(set) var isChecked = true
  /// Whether foreign bytes in some block or tag would go unnoticed.
  private(set) var isOpaque = false

  /// Reads all blocks; returns where the first frame starts.
  mutating func read(
    _ file: Source, _ window: inout Window, from start: ByteOffset
  ) throws -> ByteOffset {
    var position = start
    for index in 0..<Self.mostBlocks {
      let head = try window.big(UInt32.self, at: position)
      let type = head >> 24 & 0x7F
      let data = try position + 4
      let end = try data + ByteCount(UInt64(head & 0xFF_FFFF))
      guard type <= 6, (index == 0) == (type == 0) else {
        throw Malformed("FLAC", "a block stands where none may", at: position)
      }
      guard end <= file.range.upperBound else { throw Truncated() }
      try take(type, file, data..<end)
      position = end
      if head >> 31 == 1 { return position }
    }
    throw Malformed("FLAC", "there are too many blocks", at: position)
  }

  /// Takes up a tag before the stream.
  mutating func take(_ tag: ID3Tag, in file: Source) throws {
    let content = try ID3Content(tag, in: file)
    pictures += content.pictures
    if content.isDecoded || !content.isChecked { isChecked = false }
    if !content.isChecked { isOpaque = true }
  }

  private mutating func take(
    _ type: UInt32, _ file: Source, _ range: Range<ByteOffset>
  ) throws {
    switch type {
    case 0: try takeStream(file, range)
    case 1: if try !isZero(file, range) { takeOpaque(range) }
    case 3: if try !areSeekPoints(file, range) { takeOpaque(range) }
    case 4: try takeComment(file, range)
    case 6: try takePicture(file, range)
    default: takeOpaque(range)
    }
  }

  private mutating func takeStream(_ file: Source, _ range: Range<ByteOffset>) throws {
    guard range.length == 34 else {
      throw Malformed("FLAC", "no stream block", at: range.lowerBound)
    }
    let word = try file.big(UInt64.self, at: range.lowerBound + 10)
    samples = word & 0xF_FFFF_FFFF
    sampleSize = Int(truncatingIfNeeded: word >> 36 & 0x1F) + 1
    let shortest = try file.big(UInt16.self, at: range.lowerBound)
    guard word >> 44 > 0, sampleSize >= 4, shortest <= (try file.big(at: range.lowerBound + 2))
    else {
      throw Malformed(
        "FLAC", "a value in the stream block that none may have", at: range.lowerBound)
    }
  }

  private mutating func takeComment(_ file: Source, _ range: Range<ByteOffset>) throws {
    let bytes = try file.read(at: range.lowerBound, count: range.length)
    let comment = VorbisComment(bytes)
    name = name ?? comment.name
    date = date ?? comment.date
    if comment.length != bytes.count { takeOpaque(range) }
  }

  /// A picture block holds a whole picture file, which its own format checks.
  private mutating func takePicture(_ file: Source, _ range: Range<ByteOffset>) throws {
    var position = try range.lowerBound + 4
    position = try position + 4 + ByteCount(UInt64(file.big(UInt32.self, at: position)))
    position = try position + 4 + ByteCount(UInt64(file.big(UInt32.self, at: position)))
    position = try position + 20
    guard position < range.upperBound else { return takeOpaque(range) }
    guard let picture = try EmbeddedPicture(in: file, position..<range.upperBound) else {
      return takeOpaque(range)
    }
    pictures.append(picture.child)
    if !picture.hasChecksums { isChecked = false }
  }

  private mutating func takeOpaque(_ range: Range<ByteOffset>) {
    guard range.length.rawValue >= Self.shortBlock else { return }
    isChecked = false
    isOpaque = true
  }

  private func isZero(_ file: Source, _ range: Range<ByteOffset>) throws -> Bool {
    try file.read(at: range.lowerBound, count: range.length).allSatisfy { $0 == 0 }
  }

  /// Points of 18 bytes, by rising sample number; those not in use stand last.
  private func areSeekPoints(_ file: Source, _ range: Range<ByteOffset>) throws -> Bool {
    let bytes = try file.read(at: range.lowerBound, count: range.length)
    var last: UInt64 = 0
    for index in stride(from: 0, to: bytes.count, by: 18) {
      guard let sample = try? bytes.big(UInt64.self, at: index), sample >= last else {
        return false
      }
      last = sample
    }
    return true
  }
}
