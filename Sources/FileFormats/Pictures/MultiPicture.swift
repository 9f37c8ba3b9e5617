// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The index of a file of several JPEG pictures, in a segment of the first one.
///
/// | Offset | Size | Field      | Unit                                          |
/// |-------:|-----:|------------|-----------------------------------------------|
/// |   0x00 |    4 | attribute  |                                               |
/// |   0x04 |    4 | size       | bytes                                         |
/// |   0x08 |    4 | offset     | from the index's TIFF header; 0 for the first |
/// |   0x0C |    4 | dependents |                                               |
///
/// - Source: CIPA DC-007, *Multi-Picture Format*, §5.2.3.3 "MP Entry".
struct MultiPicture {
  private static let mostPictures = 64

  /// Where the further pictures stand in the file.
  private let pictures: [Range<ByteOffset>]

  /// Reads a JPEG segment; nil where it is another one, or cannot be read.
  init?(segment: [UInt8], at data: ByteOffset) {
    guard segment.holds(Array("MPF\0".utf8), at: 0),
      let ranges = try? Self.ranges(Source(bytes: Array(segment.dropFirst(4))), at: data + 4)
    else { return nil }
    pictures = ranges
  }

  private static func ranges(
    _ structure: Source, at start: ByteOffset
  ) throws -> [Range<ByteOffset>] {
    let reader = try TIFFReader(structure)
    guard let entry = try TIFFDirectory(reader, at: reader.first)[0xB002], entry.length >= 16
    else { return [] }
    let bytes = try structure.read(at: entry.place, count: min(entry.length, 16 * 64))
    return try stride(from: 0, to: bytes.count - 15, by: 16).compactMap { index in
      let size = UInt64(try reader.number(UInt32.self, in: bytes, at: index + 4))
      let offset = UInt64(try reader.number(UInt32.self, in: bytes, at: index + 8))
      guard offset > 0, size > 4 else { return nil }
      return try Range(at: start + ByteCount(offset), count: ByteCount(size))
    }
  }

  /// Where the file ends: behind its last picture, if each stands where the index says; an index
  /// that outlived its pictures, as editing leaves it, is passed over.
  static func end(
    of file: Source, first end: ByteOffset, index: MultiPicture?
  ) throws -> ByteOffset {
    var last = end
    for range in (index?.pictures ?? []).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      guard range.lowerBound >= last,
        try file.readPrefix(at: range.lowerBound, count: 3) == [0xFF, 0xD8, 0xFF]
      else { return last }
      var walk = JPEGWalk(file, at: range.lowerBound)
      let own = try walk.follow()
      if let damage = walk.damage { throw damage }
      guard range.upperBound <= file.range.upperBound else { throw Truncated() }
      last = max(own, range.upperBound)
    }
    return last
  }
}
