// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// JPEG XR pictures, as cameras and Windows write them: directories as in TIFF, which say where the
  /// coded picture, its alpha and everything else lie.
  ///
  ///     0  `II` BC 01   4  u32 offset of the directory   directory  u16 count, entries of 12 bytes, u32 next
  ///     tags  BCC0 offset, BCC1 length of the picture; BCC2, BCC3 of its alpha
  ///
  /// - Source: ITU-T T.832 (2019), annex A "Tag-based file format".
  package static let jxr = FileFormat(
    id: "jxr", name: "JPEG XR picture", category: .photo, extensions: ["jxr", "wdp", "hdp"],
    validation: .structure,
    signatures: [
      Signature([0x49, 0x49, 0xBC, 0x01]), Signature([0x49, 0x49, 0xBC, 0x00]),
    ],
    maximumSize: 0x4000_0000,
    resembles: { bytes in
      guard let first = try? bytes.little(UInt32.self, at: 4), first >= 8, first < 0x1000_0000
      else { return false }
      guard let count = try? bytes.little(UInt16.self, at: Int(first)),
        let type = try? bytes.little(UInt16.self, at: Int(first) + 4)
      else { return true }
      return (1...256).contains(count) && (1...13).contains(type)
    }
  ) { file in
    try Examination.weakWalk(file) {
      var walk = JPEGXRWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over the directories of a JPEG XR file.
private struct JPEGXRWalk {
  private static let sizes: [UInt64] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4]
  private let file: Source
  private var end: ByteOffset = 8
  private var hasPicture = false

  init(_ file: Source) { self.file = file }

  mutating func examination() throws -> Examination {
    var place = ByteOffset(UInt64(try file.little(UInt32.self, at: 4)))
    var visited = Set<ByteOffset>()
    while place > 0, visited.count < 64, visited.insert(place).inserted {
      place = try passDirectory(at: place)
    }
    guard hasPicture else { throw Malformed("JPEG XR", "it holds no picture", at: 8) }
    guard end <= file.range.upperBound else { throw Truncated() }
    return .whole("jxr", "JPEG XR", end: end, and: [.payloadUnchecked])
  }

  /// Takes up what a directory names, and returns where the next one is.
  private mutating func passDirectory(at start: ByteOffset) throws -> ByteOffset {
    let count = UInt64(try file.little(UInt16.self, at: start))
    guard (1...512).contains(count) else {
      throw Malformed("JPEG XR", "a directory of \(count) entries", at: start)
    }
    let bytes = try file.read(at: start + 2, count: ByteCount(count &* 12 &+ 4))
    end = max(end, try start + ByteCount(count &* 12 &+ 6))
    var values: [UInt16: UInt64] = [:]
    for index in 0..<Int(clamping: count) {
      let tag = try bytes.little(UInt16.self, at: 12 * index)
      let type = Int(try bytes.little(UInt16.self, at: 12 * index + 2))
      let value = UInt64(try bytes.little(UInt32.self, at: 12 * index + 8))
      guard type > 0, type < Self.sizes.count else {
        throw Malformed("JPEG XR", "an entry of unknown type \(type)", at: start)
      }
      let length = Self.sizes[type] &* UInt64(try bytes.little(UInt32.self, at: 12 * index + 4))
      if length > 4 { end = max(end, try ByteOffset(value) + ByteCount(length)) }
      values[tag] = value
    }
    for (placeTag, lengthTag) in [(0xBCC0, 0xBCC1), (0xBCC2, 0xBCC3)] as [(UInt16, UInt16)] {
      guard let place = values[placeTag], let length = values[lengthTag], length > 0 else {
        continue
      }
      end = max(end, try ByteOffset(place) + ByteCount(length))
      guard placeTag == 0xBCC0 else { continue }
      guard try file.readPrefix(at: ByteOffset(place), count: 8) == Array("WMPHOTO\0".utf8) else {
        throw Malformed("JPEG XR", "no picture where one must stand", at: ByteOffset(place))
      }
      hasPicture = true
    }
    return ByteOffset(UInt64(try bytes.little(UInt32.self, at: Int(clamping: count) * 12)))
  }
}
