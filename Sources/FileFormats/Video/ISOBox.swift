// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A box of an ISO media file, which QuickTime calls an atom.
///
/// | Offset | Size | Field | Unit                                                       |
/// |-------:|-----:|-------|------------------------------------------------------------|
/// |   0x00 |    4 | size  | bytes, head included; 1: 64 bits at 0x08; 0: to the end    |
/// |   0x04 |    4 | type  | four characters                                            |
///
/// - Source: ISO/IEC 14496-12:2022, §4.2 "Object-structured file organization".
struct ISOBox {
  let type: String
  let start: ByteOffset
  /// Where its content starts.
  let content: ByteOffset
  /// Where it ends; nil where it says that it goes on to the end of the file.
  let end: ByteOffset?

  /// Reads a box's head; throws `Malformed` where none can stand.
  init(_ window: inout Window, at start: ByteOffset) throws {
    let short = UInt64(try window.big(UInt32.self, at: start))
    let letters = try window.copy(at: start + 4, count: 4)
    guard letters.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0xA9 }) else {
      throw Malformed("ISO media", "no box starts here", at: start)
    }
    type = String(letters.map { Character(Unicode.Scalar($0)) })
    self.start = start
    let size = short == 1 ? try window.big(UInt64.self, at: start + 8) : short
    let head: UInt64 = short == 1 ? 16 : 8
    content = try start + ByteCount(head)
    guard size == 0 || size >= head else {
      throw Malformed("ISO media", "a box of \(size) bytes", at: start)
    }
    end = size == 0 ? nil : try start + ByteCount(size)
  }

  /// The boxes between two places; a rest shorter than a head, as QuickTime leaves it, is passed.
  static func all(
    _ window: inout Window, from start: ByteOffset, to end: ByteOffset
  ) throws -> [ISOBox] {
    var boxes: [ISOBox] = []
    var position = start
    while let next = try? position + 8, next <= end, boxes.count < 10_000 {
      if try window.big(UInt32.self, at: position) == 0 { break }
      let box = try ISOBox(&window, at: position)
      let boxEnd = box.end ?? end
      guard boxEnd <= end else {
        throw Malformed("ISO media", "a box reaches beyond its parent", at: position)
      }
      boxes.append(box)
      position = boxEnd
    }
    return boxes
  }

  /// The boxes in this one, behind `skip` bytes of its own fields.
  func children(_ window: inout Window, skipping skip: ByteCount = 0) throws -> [ISOBox] {
    guard let end else { return [] }
    return try Self.all(&window, from: content + skip, to: end)
  }
}
