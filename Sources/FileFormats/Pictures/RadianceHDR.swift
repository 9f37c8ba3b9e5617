// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Radiance pictures: lines of text, the resolution, and rows of four channels, each run-length coded;
  /// older ones of plain pixels.
  ///
  ///     #?RADIANCE, lines, an empty line, `-Y height +X width`, then for each row:
  ///     02 02 u16 width (big-endian), four channels of runs: n > 128: n - 128 times the next byte,
  ///     else n bytes as they are
  ///
  /// - Source: G. Ward, *Radiance File Formats*, "Picture File Format".
  package static let hdr = FileFormat(
    id: "hdr", name: "Radiance picture", category: .photo,
    extensions: ["hdr", "pic", "rgbe", "xyze"],
    validation: .decoding,
    signatures: [Signature("#?RADIANCE"), Signature("#?RGBE")], maximumSize: 0x4000_0000,
    resembles: { bytes in
      bytes.holds([0x0A], at: 10) || bytes.holds([0x0A], at: 6)
        || bytes.holds([0x0D, 0x0A], at: 10)
    }
  ) { file in
    try Examination.walk("hdr", file) {
      var walk = RadianceWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over the rows of a Radiance picture.
private struct RadianceWalk {
  private static let longestHeader: ByteCount = 0x4000
  private let file: Source
  private var window: Window
  private var position: ByteOffset = 0
  private var width: UInt64 = 0
  private var height: UInt64 = 0
  private var isDecoded = true

  init(_ file: Source) {
    self.file = file
    window = Window(file)
  }

  mutating func examination() throws -> Examination {
    try readHeader()
    for _ in 0..<height { try passRow() }
    guard position <= file.range.upperBound else { throw Truncated() }
    return .whole(
      "hdr", "Radiance", end: position,
      and: isDecoded ? [.decoded("Radiance")] : [.payloadUnchecked])
  }

  private mutating func readHeader() throws {
    let head = try file.readPrefix(at: 0, count: Self.longestHeader)
    var start = 0
    var isBehindBlank = false
    while let end = head[start...].firstIndex(of: 0x0A) {
      let line = head[start..<end].filter { $0 != 0x0D }
      guard line.allSatisfy({ $0 >= 0x20 || $0 == 9 }) else { break }
      start = end + 1
      if isBehindBlank {
        let words = line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 4, ["-Y", "+Y", "-X", "+X"].contains(words[0]),
          ["-Y", "+Y", "-X", "+X"].contains(words[2]), let rows = UInt64(words[1]),
          let columns = UInt64(words[3]), (1...0xF_FFFF).contains(rows),
          (1...0xF_FFFF).contains(columns)
        else { break }
        (height, width) = (rows, columns)
        position = ByteOffset(ByteCount(clamping: start))
        return
      }
      isBehindBlank = line.isEmpty
    }
    if ByteCount(clamping: head.count) < Self.longestHeader, start == head.count {
      throw Truncated()
    }
    throw Malformed("Radiance", "no resolution", at: ByteOffset(ByteCount(clamping: start)))
  }

  private mutating func passRow() throws {
    let isCoded =
      try window.byte(at: position) == 2 && window.byte(at: position + 1) == 2
      && UInt64(window.big(UInt16.self, at: position + 2)) == width && width < 0x8000 && width >= 8
    guard isCoded else { return try passPlainRow() }
    position = try position + 4
    for _ in 0..<4 {
      var left = width
      while left > 0 {
        let lead = try window.byte(at: position)
        let count = lead > 128 ? UInt64(lead & 127) : UInt64(lead)
        guard count > 0, count <= left else {
          throw Malformed("Radiance", "a run leaves its row", at: position)
        }
        left &-= count
        position = try position + (lead > 128 ? 2 : ByteCount(count &+ 1))
      }
    }
  }

  /// Pixels of four bytes; 1 1 1 n stands for n times the one before, and more where it is repeated.
  private mutating func passPlainRow() throws {
    isDecoded = false
    var left = width
    var shift: UInt64 = 0
    while left > 0 {
      if try window.holds([1, 1, 1], at: position) {
        let count = UInt64(try window.byte(at: position + 3)) << shift
        guard shift <= 16, count <= left else {
          throw Malformed("Radiance", "a run leaves its row", at: position)
        }
        left &-= count
        shift &+= 8
      } else {
        left &-= 1
        shift = 0
      }
      position = try position + 4
      guard position <= file.range.upperBound else { throw Truncated() }
    }
  }
}
