// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over the boxes of a JPEG 2000 or JPEG XL file: a signature, a file type, then metadata and
/// codestreams in any order. Nothing marks the end: it is where no box follows that belongs there.
struct PictureBoxWalk {
  private static let mostBoxes = 100_000
  /// Boxes that hold pictures: the file does not end before one of them.
  private static let contents: Set<String> = ["jp2c", "jxlc", "jxlp", "mdat", "page"]
  /// The UUID under which JPEG 2000 files carry EXIF.
  private static let exifID: [UInt8] = Array("JpgTiffExif->JP2".utf8)

  private let file: Source
  private var window: Window
  private var counts: [String: Int] = [:]
  private(set) var end: ByteOffset = 12
  private(set) var brand = ""
  private(set) var exif: EXIF?

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  /// How many boxes of pictures of this type there are.
  func count(_ type: String) -> Int { counts[type] ?? 0 }

  /// Walks the boxes of `known` types from the file type on.
  ///
  /// - Parameter check: looks into a box and returns where its content ends, where that can be
  ///   told; asked for each.
  mutating func follow(
    _ known: Set<String>, check: (Source, ISOBox) throws -> ByteOffset?
  ) throws {
    for index in 0..<Self.mostBoxes {
      let hasContent = !counts.isEmpty
      guard let box = try next(known, mayEnd: hasContent) else { return }
      guard index > 0 || box.type == "ftyp" else {
        throw Malformed("JPEG 2000", "no file type where it must stand", at: end)
      }
      if let boxEnd = box.end, boxEnd > file.range.upperBound { throw Truncated() }
      let contentEnd = try check(file, box)
      guard let stop = box.end ?? contentEnd else {
        throw Malformed("JPEG 2000", "a box without end", at: box.start)
      }
      if index == 0 { brand = String(decoding: try window.copy(at: 20, count: 4), as: UTF8.self) }
      try take(box)
      if Self.contents.contains(box.type) { counts[box.type, default: 0] += 1 }
      end = stop
      if box.end == nil { return }
    }
  }

  /// The next box; nil where none follows that belongs to the file, once it may end.
  private mutating func next(_ known: Set<String>, mayEnd: Bool) throws -> ISOBox? {
    do {
      let box = try ISOBox(&window, at: end)
      // A box without size can only hold the codestream.
      if !mayEnd || (known.contains(box.type) && box.end != nil) { return box }
      return nil
    } catch  where mayEnd && !(error is ReadError) {
      return nil
    }
  }

  private mutating func take(_ box: ISOBox) throws {
    guard exif == nil, let boxEnd = box.end, (box.content..<boxEnd).length < 0x10_0000 else {
      return
    }
    var start = box.content
    switch box.type {
    case "uuid" where try window.holds(Self.exifID, at: start): start = try start + 16
    case "Exif": start = try start + 4 + ByteCount(UInt64(window.big(UInt32.self, at: start)))
    default: return
    }
    guard start < boxEnd else { return }
    let bytes = try file.read(at: start, count: (start..<boxEnd).length)
    let prefix = Array("Exif\0\0".utf8)
    exif = try EXIF(segment: bytes.holds(prefix, at: 0) ? bytes : prefix + bytes, at: start)
  }
}
