// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Windows and OS/2 bitmaps: a file header, an information header of one of many sizes, a palette
  /// and rows of pixels. They end behind the last row, or behind the end code of run-length coding;
  /// the size field counts where the size of the pixels agrees with it.
  ///
  /// | Offset | Size | Field       | Unit                                                   |
  /// |-------:|-----:|-------------|--------------------------------------------------------|
  /// |   0x00 |    2 | `BM`        |                                                        |
  /// |   0x02 |    4 | size        | bytes; in OS/2 files often that of the headers, or 0   |
  /// |   0x0A |    4 | pixels      | offset                                                 |
  /// |   0x0E |      | information | see ``BitmapHeader``                                   |
  ///
  /// - Source: Microsoft, *Bitmap Storage*, BITMAPFILEHEADER; IBM, *OS/2 2.0 Presentation Manager
  ///   Reference*, BITMAPINFOHEADER2.
  package static let bmp = FileFormat(
    id: "bmp", name: "bitmap picture", category: .photo, extensions: ["bmp", "dib", "rle"],
    validation: .structure,
    signatures: [Signature("BM", alignment: 512)],
    maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: min(512, bytes.byteCount)),
        let pixels = try? head.little(UInt32.self, at: 10),
        let header = try? BitmapHeader(parsing: head, at: 14)
      else { return false }
      return UInt64(pixels) >= 14 + UInt64(header.size) && pixels < 0x10_0000
    }
  ) { file in
    try Examination.walk("bmp", file) { try BMPWalk(file).examination() }
  }
}

/// The walk over a bitmap file.
private struct BMPWalk {
  private let file: Source
  private let stated: UInt64
  private let pixels: ByteOffset
  private let header: BitmapHeader

  init(_ file: Source) throws {
    self.file = file
    let head = try file.readPrefix(at: 0, count: 256)
    stated = UInt64(try head.little(UInt32.self, at: 2))
    pixels = ByteOffset(UInt64(try head.little(UInt32.self, at: 10)))
    header = try BitmapHeader(parsing: head, at: 14)
    guard pixels >= ByteOffset(14 + UInt64(header.size)) else {
      throw Malformed("BMP", "its pixels stand in its header", at: 10)
    }
  }

  func examination() throws -> Examination {
    let bytes = try pixelEnd()
    var end = bytes.end
    // Photoshop and others fill up the pixels, and count that in both places.
    let isSizeSaidTwice = try ByteOffset(stated) == pixels + ByteCount(UInt64(header.imageSize))
    if isSizeSaidTwice || bytes.isDecoded, ByteOffset(stated) > end,
      ByteOffset(stated) <= end.advancedClamped(by: 3)
    {
      end = ByteOffset(stated)
    }
    if let profile = header.profile { end = max(end, profile) }
    guard end <= file.range.upperBound else { throw Truncated() }
    return .whole(
      "bmp", "BMP", end: end, and: bytes.isDecoded ? [.decoded("BMP")] : [.payloadUnchecked])
  }

  /// Where the pixels end, and whether they were decoded up to there.
  private func pixelEnd() throws -> (end: ByteOffset, isDecoded: Bool) {
    switch header.coding {
    case .rows:
      // Some writers forget the palette when they say where the pixels are.
      let behindPalette = try ByteOffset(14 &+ header.paletteEnd) + header.pixelLength
      if behindPalette == ByteOffset(stated) { return (behindPalette, false) }
      return (try pixels + header.pixelLength, false)
    case .runs(let depth):
      var runs = BitmapRuns(file, at: pixels, header: header, depth: depth)
      do {
        return (try runs.follow(stated: ByteOffset(stated)), true)
      } catch let error as Malformed {
        // Some writers let runs leave their rows; their codes end where the file's size says.
        var others = BitmapRuns(file, at: pixels, header: header, depth: depth, isStrict: false)
        let end = try? others.follow(stated: ByteOffset(stated))
        guard let end, end == ByteOffset(stated) else { throw error }
        return (end, false)
      }
    case .opaque:
      guard header.imageSize > 0 else { throw Malformed("BMP", "pixels of no size", at: 34) }
      return (try pixels + ByteCount(UInt64(header.imageSize)), false)
    }
  }
}
