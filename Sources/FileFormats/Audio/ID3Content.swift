// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What the frames of an ID3v2 tag hold, as far as a checker cares: covers, which can be checked, and
/// other long content, which cannot.
struct ID3Content {
  /// No foreign sector fits into a frame that is shorter, unless it breaks the chain of frames.
  private static let shortFrame: UInt64 = 512
  /// Kind, description and the like stand before a picture.
  private static let longestPrefix: ByteCount = 512

  private(set) var pictures: [Examination.Child] = []
  /// Whether foreign bytes in it would be noticed.
  private(set) var isChecked = true
  /// Whether covers are checked by decoding alone.
  private(set) var isDecoded = false

  init(_ tag: ID3Tag, in file: Source) throws {
    guard (tag.firstFrame..<tag.end).length.rawValue > Self.shortFrame else { return }
    var position = tag.firstFrame
    for frame in tag.frames(in: file) {
      position = frame.data.upperBound
      guard frame.data.length.rawValue >= Self.shortFrame else { continue }
      if let picture = try Self.picture(frame, in: file) {
        pictures.append(picture.child)
        if !picture.hasChecksums { isDecoded = true }
      } else {
        isChecked = false
      }
    }
    if try !Self.isZero(file, position..<tag.end) { isChecked = false }
  }

  private static func picture(
    _ frame: ID3Tag.Frame, in file: Source
  ) throws -> EmbeddedPicture? {
    guard frame.id == "APIC" || frame.id == "PIC" else { return nil }
    let head = try file.readPrefix(
      at: frame.data.lowerBound, count: min(frame.data.length, longestPrefix))
    for mark: [UInt8] in [[0xFF, 0xD8, 0xFF], [0x89, 0x50, 0x4E, 0x47]] {
      guard let index = head.withSpan({ $0.firstIndex(of: mark) }) else { continue }
      let start = frame.data.lowerBound.advancedClamped(by: ByteCount(clamping: index))
      return try EmbeddedPicture(in: file, start..<frame.data.upperBound)
    }
    return nil
  }

  private static func isZero(_ file: Source, _ range: Range<ByteOffset>) throws -> Bool {
    var position = range.lowerBound
    while position < range.upperBound {
      let bytes = try file.readPrefix(
        at: position, count: min((position..<range.upperBound).length, 0x1_0000))
      guard !bytes.isEmpty, bytes.allSatisfy({ $0 == 0 }) else { return false }
      position = position.advancedClamped(by: ByteCount(clamping: bytes.count))
    }
    return true
  }
}

extension ID3Tag {
  /// Puts what the tag says, and how far it can be trusted, into the examination of its file.
  func describe(_ result: inout Examination, in file: Source) throws {
    let (name, date) = try describe(file)
    result.name = name ?? result.name
    result.date = date
    let content = try ID3Content(self, in: file)
    result.children += content.pictures
    if !content.isChecked { result.evidence.append(.payloadUnchecked) }
    if content.isDecoded { result.dropChecksums() }
  }
}
