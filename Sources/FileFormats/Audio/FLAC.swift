// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Free Lossless Audio Codec: blocks of metadata, then frames, each with its CRC-16, up to the
  /// number of samples that the first block states. Tags of other kinds may stand before and behind.
  ///
  /// - Source: RFC 9639, *Free Lossless Audio Codec (FLAC)*.
  package static let flac = FileFormat(
    id: "flac", name: "FLAC sound", category: .audio, extensions: ["flac"],
    validation: .checksums,
    signatures: [Signature("fLaC")] + ID3Tag.signatures, maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      bytes.holds(Array("ID3".utf8), at: 0)
        ? ID3Tag.resembles(bytes, before: [Array("fLaC".utf8)])
        : (try? bytes.big(UInt32.self, at: 4)).map { $0 & 0x7FFF_FFFF == 34 } ?? false
    }
  ) { file in
    var walk = FLACWalk(file)
    return try walk.examination()
  }
}

/// The walk over a FLAC stream.
private struct FLACWalk {
  private static let shortBuffer: UInt64 = 0x4_0000
  private static let longestFrame: UInt64 = 0x100_0000

  private let file: Source
  private var position: ByteOffset = 0
  private var metadata = FLACMetadata()
  private var buffer: [UInt8] = []
  private var bufferStart: ByteOffset = 0
  private var samples: UInt64 = 0
  private var frames: UInt64 = 0
  private var lastNumber: UInt64 = 0

  init(_ file: Source) { self.file = file }

  mutating func examination() throws -> Examination {
    var window = Window(file, span: 4096)
    let tag = try ID3Tag(&window, at: 0)
    let start = tag?.end ?? 0
    guard try window.holds(Array("fLaC".utf8), at: start) else {
      return .broken(at: 0, problem: "no FLAC stream follows the tag")
    }
    return try Examination.walk("flac", file) {
      position = try metadata.read(file, &window, from: start + 4)
      if let tag { try metadata.take(tag, in: file) }
      return try followFrames()
    }
  }

  private mutating func followFrames() throws -> Examination {
    let total = metadata.samples
    while total == 0 || samples < total {
      do {
        try nextFrame()
      } catch  where !(error is ReadError) && total == 0 && frames > 0 {
        break
      } catch let error as Malformed {
        throw Malformed("FLAC", error.problem, at: position)
      }
    }
    let tags = try TrailingTags(in: file, after: position)
    let proof: [Evidence] =
      metadata.isChecked
      ? [.checksumsHold(count: frames, kind: "CRC-16")]
      : metadata.isOpaque ? [.payloadUnchecked] : []
    var result = tags.examination("flac", "FLAC", isEndStated: total > 0, and: proof)
    result.name = metadata.name ?? result.name
    result.date = metadata.date
    result.children += metadata.pictures
    return result
  }

  /// Passes one frame. The buffer is filled anew from the frame's start where it ends first, and
  /// longer where even then the frame does.
  private mutating func nextFrame() throws {
    var length = Self.shortBuffer
    while true {
      let start = Int(clamping: position.rawValue &- bufferStart.rawValue)
      do {
        let frame = try FLACFrame(buffer, at: start, sampleSize: metadata.sampleSize)
        guard frames == 0 || frame.number > lastNumber else {
          throw Malformed("FLAC", "a frame of another number", at: position)
        }
        position = try bufferStart + ByteCount(clamping: frame.end)
        samples &+= UInt64(clamping: frame.samples)
        frames &+= 1
        lastNumber = frame.number
        return
      } catch is Truncated {
        let isWhole = bufferStart == position && length > Self.longestFrame
        let end = bufferStart.advancedClamped(by: ByteCount(clamping: buffer.count))
        guard !isWhole, end < file.range.upperBound else { throw Truncated() }
        if bufferStart == position, !buffer.isEmpty { length = UInt64(clamping: buffer.count) * 4 }
        buffer = try file.readPrefix(
          at: position, count: ByteCount(min(length, Self.longestFrame)))
        bufferStart = position
      }
    }
  }
}
