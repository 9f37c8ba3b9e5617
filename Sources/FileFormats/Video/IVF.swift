// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// IVF: pictures of VP8, VP9 or AV1, each with its size and time.
  ///
  ///     0  "DKIF"  4  u16 version 0  6  u16 32  8  codec  12  u16 width, height  24  u32 pictures
  ///     then: u32 size, u64 time, data
  ///
  /// - Source: The WebM Project, *IVF* (Duck's own documentation of its test container).
  package static let ivf = FileFormat(
    id: "ivf", name: "IVF video", category: .video, validation: .structure,
    signatures: [Signature([0x44, 0x4B, 0x49, 0x46, 0, 0, 32, 0])], maximumSize: 0x2_0000_0000,
    resembles: { bytes in
      (8..<12).allSatisfy { index in
        (try? bytes.little(UInt8.self, at: index)).map { (0x20...0x7E).contains($0) } ?? false
      }
    }
  ) { file in
    try Examination.walk("ivf", file) { try IVFWalk(file).examination() }
  }
}

/// The walk over the pictures of an IVF file.
private struct IVFWalk {
  private static let headSize: ByteCount = 12
  /// Times rise by less than this from one picture to the next.
  private static let longestPause: UInt64 = 1 << 32
  private static let largestPicture: UInt32 = 0x800_0000

  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    let stated = UInt64(try file.little(UInt32.self, at: 24))
    var position: ByteOffset = 32
    var count: UInt64 = 0
    var time: UInt64 = 0
    while let next = try picture(at: position, after: count == 0 ? nil : time) {
      count += 1
      (position, time) = next
    }
    guard count > 0 else { throw Malformed("IVF", "no picture behind the header", at: position) }
    // Some writers state the duration instead of the count.
    let isMarked = stated > 0 && (stated == count || stated == time &+ 1)
    return try .chain("ivf", "IVF", in: file, end: position, isMarked: isMarked)
  }

  /// Where the picture at `start` ends, and its time; nil where none stands.
  private func picture(
    at start: ByteOffset, after time: UInt64?
  ) throws -> (end: ByteOffset, time: UInt64)? {
    let head = try file.readPrefix(at: start, count: Self.headSize)
    guard head.count == 12 else {
      if head.contains(where: { $0 != 0 }) { throw Truncated() }
      return nil
    }
    let size = try head.little(UInt32.self, at: 0)
    let own = try head.little(UInt64.self, at: 4)
    guard size > 0, size <= Self.largestPicture else { return nil }
    if let time {
      guard own >= time, own - time < Self.longestPause else { return nil }
    } else {
      guard own < Self.longestPause else { return nil }
    }
    let end = try start + Self.headSize + ByteCount(UInt64(size))
    guard end <= file.range.upperBound else { throw Truncated() }
    return (end, own)
  }
}
