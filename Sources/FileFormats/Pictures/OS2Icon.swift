// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Icons, pointers and arrays of bitmaps of OS/2: one bitmap, or a chain of array elements, each for
  /// one kind of display. They end behind the last pixels that any of them names.
  ///
  ///     BA  array element  u32 size, u32 offset of the next or 0, u16 width and height of the display,
  ///                        then one of the following
  ///     IC PT  icon, pointer             u32 size, i16 hot spot × 2, u32 offset of the pixels, bitmap
  ///     CI CP  the same with colours     header; the masks first, then the colours with a header alike
  ///     BM  bitmap
  ///
  /// - Source: IBM, *OS/2 2.0 Presentation Manager Reference*, BITMAPARRAYFILEHEADER2.
  package static let os2 = FileFormat(
    id: "os2", name: "OS/2 icon or pointer", category: .photo,
    extensions: ["os2", "ico", "ptr", "bga"], validation: .size,
    signatures: ["BA", "IC", "CI", "PT", "CP"].map {
      Signature(Array($0.utf8), alignment: 512)
    },
    maximumSize: 0x100_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: min(512, bytes.byteCount)) else {
        return false
      }
      let isArray = head.holds(OS2Walk.array, at: 0)
      return (try? OS2Bitmap(parsing: head, at: isArray ? 14 : 0)) != nil
    }
  ) { file in
    try Examination.weakWalk(file) { try OS2Walk(file).examination() }
  }
}

/// The walk over the elements of an array, or the one bitmap that there is.
private struct OS2Walk {
  static let array: [UInt8] = Array("BA".utf8)
  private static let mostElements = 64

  private let file: Source
  private var end: ByteOffset = 0
  private var kind = ""

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    var walk = self
    if try file.readPrefix(at: 0, count: 2) == Self.array {
      try walk.passArray()
    } else {
      try walk.pass(at: 0)
    }
    guard walk.end <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole("os2", "OS/2 bitmaps", end: walk.end, and: [.payloadUnchecked])
    result.type = ["PT", "CP"].contains(walk.kind) ? "ptr" : walk.kind == "BM" ? "bga" : "ico"
    return result
  }

  private mutating func passArray() throws {
    var start: ByteOffset = 0
    for _ in 0..<Self.mostElements {
      let head = try file.read(at: start, count: 14)
      guard head.holds(Self.array, at: 0) else {
        throw Malformed("OS/2", "no array element where one must stand", at: start)
      }
      try pass(at: start + 14)
      let next = ByteOffset(UInt64(try head.little(UInt32.self, at: 6)))
      if next == 0 { return }
      guard next > start else { throw Malformed("OS/2", "an element that leads back", at: start) }
      start = next
    }
    throw Malformed("OS/2", "there are too many elements", at: start)
  }

  /// Takes one bitmap, or the masks and colours of an icon.
  private mutating func pass(at start: ByteOffset) throws {
    let masks = try bitmap(at: start)
    if kind.isEmpty { kind = masks.kind }
    end = max(end, try masks.end, try start + ByteCount(masks.lengths[1]))
    guard masks.kind != "BM" else { return }
    for length in masks.lengths {
      let second = try start + ByteCount(length)
      guard let colours = try colours(of: masks, at: second) else { continue }
      end = max(end, try colours.end, try second + ByteCount(colours.lengths[1]))
      return
    }
    // Masks alone are an icon in black and white.
    guard masks.kind == "IC" || masks.kind == "PT" else {
      throw Malformed("OS/2", "no colours behind the masks", at: start)
    }
  }

  /// The colours that belong to these masks; nil where none stand.
  private func colours(of masks: OS2Bitmap, at start: ByteOffset) throws -> OS2Bitmap? {
    do {
      let colours = try bitmap(at: start)
      return colours.kind == masks.kind && colours.header.width == masks.header.width
        ? colours : nil
    } catch  where !(error is ReadError) {
      return nil
    }
  }

  private func bitmap(at start: ByteOffset) throws -> OS2Bitmap {
    try OS2Bitmap(parsing: file.readPrefix(at: start, count: 80), at: 0)
  }
}
