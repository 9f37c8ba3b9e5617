// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// YUV4MPEG2: a line of parameters, then plain pictures of one size, each behind a line `FRAME`.
  ///
  /// - Source: MJPEG Tools, *yuv4mpeg(5)*.
  package static let y4m = FileFormat(
    id: "y4m", name: "YUV4MPEG video", category: .video, validation: .structure,
    signatures: [Signature("YUV4MPEG2 ")], maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      let head = (try? bytes.copy(at: 0, count: min(bytes.byteCount, 512))) ?? []
      return Y4MHeader(head) != nil
    }
  ) { file in
    try Examination.walk("y4m", file) {
      guard let header = Y4MHeader(try file.readPrefix(at: 0, count: 512)) else {
        throw Malformed("YUV4MPEG", "an impossible header", at: 0)
      }
      var position = ByteOffset(ByteCount(clamping: header.length))
      var count = 0
      while let picture = try header.picture(in: file, at: position) {
        guard picture <= file.range.upperBound else { throw Truncated() }
        position = picture
        count += 1
      }
      guard count > 0 else { throw Malformed("YUV4MPEG", "no picture stands here", at: position) }
      return try .chain("y4m", "YUV4MPEG", in: file, end: position)
    }
  }
}

/// The first line of a YUV4MPEG2 file: letters with a value each, with blanks between.
private struct Y4MHeader {
  private static let largestSide = 0x1_0000
  private static let longestFrameLine: ByteCount = 256
  let length: Int
  private let pictureSize: ByteCount

  /// Nil for what is no such line.
  init?(_ bytes: [UInt8]) {
    guard let end = bytes.firstIndex(of: 0x0A) else { return nil }
    let words = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
    guard words.first == "YUV4MPEG2" else { return nil }
    let value = { (letter: Character) in words.dropFirst().first { $0.first == letter }?.dropFirst()
    }
    guard let width = value("W").flatMap({ Int($0) }), let height = value("H").flatMap({ Int($0) }),
      (1...Self.largestSide).contains(width), (1...Self.largestSide).contains(height),
      let samples = Self.samples(value("C") ?? "420", width: width, height: height)
    else { return nil }
    length = end + 1
    pictureSize = ByteCount(clamping: samples)
  }

  /// How many bytes a picture of these colours has; nil for colours that are not known.
  private static func samples(_ colours: Substring, width: Int, height: Int) -> Int? {
    // "420p10", "mono12": more than eight bits have two bytes.
    let isDeep = colours.dropFirst(4).first.map { "19".contains($0) } ?? false
    let width = isDeep ? 2 * width : width
    let area = width * height
    let width2 = (width + 1) / 2
    switch colours.prefix(3) {
    case "420": return area + 2 * width2 * ((height + 1) / 2)
    case "422": return area + 2 * width2 * height
    case "411": return area + 2 * ((width + 3) / 4) * height
    case "444": return area * (colours.contains("alpha") ? 4 : 3)
    case "mon": return area
    default: return nil
    }
  }

  /// Where the picture at `start` ends; nil where none stands.
  func picture(in file: Source, at start: ByteOffset) throws -> ByteOffset? {
    let line = try file.readPrefix(at: start, count: Self.longestFrameLine)
    guard line.holds(Array("FRAME".utf8), at: 0), let end = line.firstIndex(of: 0x0A),
      end == 5 || line[5] == 0x20
    else { return nil }
    return try start + ByteCount(clamping: end + 1) + pictureSize
  }
}
