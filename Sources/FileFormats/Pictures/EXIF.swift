// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What a picture's EXIF segment says of it: when, with what, and where its thumbnail stands.
///
/// - Source: CIPA DC-008, *Exchangeable image file format for digital still cameras*, §4.5, §4.6.
struct EXIF {
  private static let prefix: [UInt8] = Array("Exif\0\0".utf8)

  private(set) var camera: String?
  private(set) var date: Timestamp?
  private(set) var thumbnail: Range<ByteOffset>?

  /// Reads a JPEG segment; nil where it is another one.
  ///
  /// - Parameter data: where the segment's bytes stand in the file.
  init?(segment: [UInt8], at data: ByteOffset) throws {
    guard segment.holds(Self.prefix, at: 0) else { return nil }
    let structure = Source(bytes: Array(segment.dropFirst(Self.prefix.count)))
    do {
      try read(structure, at: data + ByteCount(clamping: Self.prefix.count))
    } catch is Malformed, is Truncated, is Overflow {
      // Damage here says nothing about the picture.
    }
  }

  /// Takes what a directory and the one it points to say.
  init(_ reader: TIFFReader, _ directory: TIFFDirectory) {
    describe(reader, directory)
  }

  private mutating func read(_ structure: Source, at start: ByteOffset) throws {
    let reader = try TIFFReader(structure)
    let main = try TIFFDirectory(reader, at: reader.first)
    describe(reader, main)
    guard main.next > 0 else { return }
    let second = try TIFFDirectory(reader, at: main.next)
    guard let offset = try second[0x0201].flatMap({ try reader.numbers($0).first }),
      let length = try second[0x0202].flatMap({ try reader.numbers($0).first }), length > 0
    else { return }
    let range = try Range(at: ByteOffset(offset), count: ByteCount(length))
    guard range.upperBound <= structure.range.upperBound else { return }
    thumbnail = try Range(at: start + ByteCount(offset), count: ByteCount(length))
  }

  private mutating func describe(_ reader: TIFFReader, _ directory: TIFFDirectory) {
    camera = reader.text(directory[0x0110])
    date = Self.moment(reader.text(directory[0x0132]))
    guard let place = directory[0x8769].flatMap({ try? reader.numbers($0).first }),
      let inner = try? TIFFDirectory(reader, at: ByteOffset(place))
    else { return }
    date =
      Self.moment(reader.text(inner[0x9003])) ?? Self.moment(reader.text(inner[0x9004])) ?? date
  }

  /// `2024:05:01 12:34:56`, without a zone: as the camera's clock stood.
  static func moment(_ text: String?) -> Timestamp? {
    let parts = (text ?? "").split { ": -T/".contains($0) }.prefix(6).compactMap { Int($0) }
    guard parts.count == 6, parts[0] > 1900 else { return nil }
    return Timestamp(
      year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4],
      second: parts[5])
  }

  /// Hands on what is known to a result.
  func describe(_ result: inout Examination) {
    result.name = camera
    result.date = date
    if let thumbnail { result.children.append(.init(type: "jpg", range: thumbnail)) }
  }
}
