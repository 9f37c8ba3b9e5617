// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Fujifilm's raw pictures: a whole JPEG picture, then the sensor's data, at the places that the
  /// header names.
  ///
  /// | Offset | Size | Field           | Unit                                            |
  /// |-------:|-----:|-----------------|-------------------------------------------------|
  /// |   0x00 |   16 | mark            | `FUJIFILMCCD-RAW `                              |
  /// |   0x1C |   32 | camera          | text                                            |
  /// |   0x54 |  3×8 | parts           | offset and length of picture, tags, sensor data |
  /// |   0x78 |  2×8 | second parts    | tags and data of the other half of a sensor     |
  ///
  /// - Source: no specification; the layout is that of ExifTool's and LibRaw's readers.
  package static let raf = FileFormat(
    id: "raf", name: "Fujifilm raw picture", category: .photo,
    validation: .structure,
    signatures: [Signature(Array("FUJIFILMCCD-RAW ".utf8))], maximumSize: 0x2000_0000,
    resembles: { bytes in
      guard let offset = try? bytes.big(UInt32.self, at: 0x54) else { return false }
      return (0x60...0x1_0000).contains(offset)
    }
  ) { file in
    try Examination.walk("raf", file) {
      let head = try file.read(at: 0, count: 0x6C)
      let parts = try (0..<3).map { index in
        try Range(
          at: ByteOffset(UInt64(head.big(UInt32.self, at: 0x54 + 8 * index))),
          count: ByteCount(UInt64(head.big(UInt32.self, at: 0x58 + 8 * index))))
      }
      let second = try secondParts(file, before: parts[0].lowerBound)
      var walk = JPEGWalk(file, at: parts[0].lowerBound)
      guard try walk.follow() <= parts[0].upperBound else {
        throw Malformed("RAF", "the picture is longer than its place", at: parts[0].upperBound)
      }
      if let damage = walk.damage { throw damage }
      let end = (parts + second).map(\.upperBound).max() ?? 0
      guard parts[2].lowerBound >= parts[0].upperBound, !parts[2].isEmpty else {
        throw Malformed("RAF", "no sensor data follow the picture", at: parts[0].upperBound)
      }
      guard end <= file.range.upperBound else { throw Truncated() }
      var result = Examination.whole("raf", "RAF", end: end, and: [.payloadUnchecked])
      walk.exif.map { $0.describe(&result) }
      result.name = ContentText.text(head[0x1C..<0x3C])
      result.children = [.init(type: "jpg", range: parts[0])]
      return result
    }
  }

  /// Older cameras start the picture where the places of the second parts would be.
  private static func secondParts(
    _ file: Source, before picture: ByteOffset
  ) throws -> [Range<ByteOffset>] {
    guard picture >= 0x88 else { return [] }
    let bytes = try file.read(at: 0x78, count: 16)
    return try [0, 8].map { index in
      try Range(
        at: ByteOffset(UInt64(bytes.big(UInt32.self, at: index))),
        count: ByteCount(UInt64(bytes.big(UInt32.self, at: index + 4))))
    }.filter { $0.lowerBound >= picture && !$0.isEmpty }
  }
}
