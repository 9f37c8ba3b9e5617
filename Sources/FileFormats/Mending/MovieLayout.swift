// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where the media data of a movie without a sound index lie.
struct MovieLayout {
  /// How far media data are looked for behind what was written over.
  private static let widestSearch: UInt64 = 0x100_0000
  private static let topTypes: Set = [
    "ftyp", "free", "skip", "wide", "uuid", "moov", "meta", "udta", "pnot", "PICT", "junk",
  ]

  /// The head of `mdat`.
  let head: ByteOffset
  let content: ByteOffset
  /// Where it says that it ends; nil where it does not say.
  let statedEnd: ByteOffset?
  /// A box of eight bytes right before it, which leaves room for a longer size.
  let hasRoom: Bool
  /// What players must be told to pass over: what stands between the boxes, and a broken index.
  private(set) var patches: [(start: ByteOffset, bytes: [UInt8])] = []
  /// The box `ftyp`.
  let brands: [UInt8]
  /// Where parts of an index may still stand.
  let leftovers: Range<ByteOffset>

  /// Nil where there are no media data.
  init?(_ file: Source) throws {
    var window = Window(file, span: 4096)
    var position: ByteOffset = 0
    var brands: [UInt8] = []
    var room: ByteOffset?
    var found: ISOBox?
    var lost: ByteOffset?
    var start: ByteOffset = 0
    for _ in 0..<64 {
      guard position < file.range.upperBound else { return nil }
      let box = try? ISOBox(&window, at: position)
      if let box, box.type == "mdat" {
        found = box
        break
      }
      guard let box, let end = box.end, Self.topTypes.contains(box.type),
        end < file.range.upperBound
      else {
        lost = position
        found = try Self.search(file, from: position)
        break
      }
      if box.type == "ftyp" {
        let count = Int(clamping: min(1024, (box.start..<end).length.rawValue))
        brands = try window.copy(at: box.start, count: count)
        start = end
      }
      if box.type == "moov" {
        patches.append((box.start.advancedClamped(by: 4), Array("free".utf8)))
      }
      room = (box.start..<end).length == 8 ? box.start : nil
      position = end
    }
    guard let found else { return nil }
    head = found.start
    content = found.content
    statedEnd = found.end
    hasRoom = room?.advancedClamped(by: 8) == found.start
    self.brands = brands
    leftovers = min(start, found.start)..<found.start
    if let lost, lost < found.start {
      let gap = (lost..<found.start).length.rawValue
      guard gap >= 8, gap <= UInt64(UInt32.max) else { return nil }
      var box = BoxWriter()
      box.put(UInt32(clamping: gap))
      box.put(Array("free".utf8))
      patches.append((lost, box.bytes))
    }
  }

  /// The first head of media data from `start` on that may be one by its size.
  private static func search(_ file: Source, from start: ByteOffset) throws -> ISOBox? {
    var window = Window(file, span: 4096)
    let stop = min(start.advancedClamped(by: ByteCount(widestSearch)), file.range.upperBound)
    for place in try file.places(of: Array("mdat".utf8), in: start..<stop, most: 64)
    where (start..<place).length >= 4 {
      let head = ByteOffset(place.rawValue - 4)
      guard let box = try? ISOBox(&window, at: head) else { continue }
      let length = box.end.map { (box.start..<$0).length } ?? 0x1000
      if length >= 1024, length <= file.length.addingClamped(file.length) { return box }
    }
    return nil
  }

  /// The head that says that the media data end at `end`; nil where it cannot.
  func patch(end: ByteOffset) -> (start: ByteOffset, bytes: [UInt8])? {
    var box = BoxWriter()
    let length = (head..<end).length.rawValue
    if (head..<content).length == 16 {
      box.put(UInt32(1))
      box.put(Array("mdat".utf8))
      box.put(length)
      return (head, box.bytes)
    }
    if length <= UInt64(UInt32.max) {
      box.put(UInt32(clamping: length))
      return (head, box.bytes)
    }
    guard hasRoom, head.rawValue >= 8 else { return nil }
    box.put(UInt32(1))
    box.put(Array("mdat".utf8))
    box.put(length + 8)
    return (ByteOffset(head.rawValue - 8), box.bytes)
  }
}

extension Source {
  /// At most `most` places in `range` where these bytes stand, in order.
  func places(
    of pattern: [UInt8], in range: Range<ByteOffset>, most: Int
  ) throws -> [ByteOffset] {
    guard let first = pattern.first else { return [] }
    var found: [ByteOffset] = []
    var position = range.lowerBound
    while position < range.upperBound, found.count < most {
      let bytes = try readPrefix(
        at: position, count: min(0x4_0000, (position..<range.upperBound).length))
      guard bytes.count >= pattern.count else { break }
      for index in 0...(bytes.count - pattern.count)
      where bytes[index] == first && bytes.holds(pattern, at: index) && found.count < most {
        found.append(position.advancedClamped(by: ByteCount(clamping: index)))
      }
      position = position.advancedClamped(by: ByteCount(clamping: bytes.count - pattern.count + 1))
    }
    return found
  }
}
