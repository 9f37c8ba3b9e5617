// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A raw image cut into files: `.001`, `.002` and so on, from `.000`, `.001`, `.aa` or `.aaa`.
package final class SplitMedium: Medium {
  fileprivate struct Part: Sendable {
    let start: ByteOffset
    let medium: FileMedium
    var end: ByteOffset { start.advancedClamped(by: medium.length) }
  }

  package let name: String
  package let length: ByteCount
  package let sectorSize: ByteCount
  private let parts: [Part]
  private let pool = BufferPool()

  /// Joins media in order; the sum of their lengths must be less than 2^64.
  package init(_ media: [FileMedium], name: String) throws(SourceError) {
    var parts: [Part] = []
    var position: ByteOffset = 0
    for medium in media {
      guard let end = try? position + medium.length else {
        throw SourceError(name, .unreadable("its parts are too long"))
      }
      parts.append(Part(start: position, medium: medium))
      position = end
    }
    self.parts = parts
    self.name = name
    length = ByteCount(position.rawValue)
    sectorSize = parts.first?.medium.sectorSize ?? 512
  }

  /// The index of the part that holds `offset`.
  private func index(at offset: ByteOffset) -> Int {
    var low = 0
    var high = parts.count
    while low < high {
      let middle = (low + high) / 2
      if parts[middle].end <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Hands each part's share of `range` to `body`, with where it starts in the range.
  private func split(
    _ range: Range<ByteOffset>,
    _ body: (Part, Range<ByteOffset>, _ start: Int) throws -> Void
  ) throws {
    var position = range.lowerBound
    var index = index(at: position)
    while position < range.upperBound {
      guard index < parts.count else {
        throw ReadError(source: name, range: position..<range.upperBound)
      }
      let part = parts[index]
      let end = min(part.end, range.upperBound)
      try body(
        part, part.inside(position..<end),
        Int(clamping: (range.lowerBound..<position).length.rawValue))
      position = end
      index += 1
    }
  }

  package func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) throws {
    let range = offset..<offset.advancedClamped(by: ByteCount(clamping: target.count))
    try split(range) { part, inside, start in
      let end = start + Int(clamping: inside.length.rawValue)
      // SAFETY: the shares together are as long as the range, thus as the target.
      let place = unsafe UnsafeMutableRawBufferPointer(rebasing: target[start..<end])
      do {
        try unsafe part.medium.read(at: inside.lowerBound, into: place)
      } catch let error as ReadError {
        throw ReadError(source: part.medium.name, range: part.whole(error.range))
      }
    }
  }

  package func withBytes(in range: Range<ByteOffset>, _ body: (RawSpan) throws -> Void) throws {
    try unsafe pool.withBuffer(range.length.inMemory()) { buffer in
      try unsafe read(at: range.lowerBound, into: buffer)
      try unsafe body(UnsafeRawBufferPointer(buffer).bytes)
    }
  }

  package func withReadableBytes(
    in range: Range<ByteOffset>, _ body: (RawSpan, RangeSet<ByteOffset>) throws -> Void
  ) throws {
    if let part = only(range) {
      return try part.medium.withReadableBytes(in: part.inside(range)) { bytes, lost in
        try body(bytes, RangeSet(unsorted: lost.ranges.map(part.whole)))
      }
    }
    try unsafe pool.withBuffer(range.length.inMemory()) { buffer in
      var defects: [Range<ByteOffset>] = []
      try split(range) { part, inside, start in
        try part.medium.withReadableBytes(in: inside) { bytes, lost in
          defects += lost.ranges.map(part.whole)
          unsafe bytes.withUnsafeBytes { from in
            // SAFETY: the shares together are as long as the range, thus as the buffer.
            let place = unsafe UnsafeMutableRawBufferPointer(
              rebasing: buffer[start..<(start + from.count)])
            unsafe place.copyMemory(from: from)
          }
        }
      }
      try unsafe body(UnsafeRawBufferPointer(buffer).bytes, RangeSet(unsorted: defects))
    }
  }

  /// The part that holds all of `range`; nil where there is none.
  private func only(_ range: Range<ByteOffset>) -> Part? {
    let index = index(at: range.lowerBound)
    guard index < parts.count, parts[index].end >= range.upperBound else { return nil }
    return parts[index]
  }
}

extension SplitMedium.Part {
  /// A range of the whole image, all of it in this part, as a range of the part.
  fileprivate func inside(_ range: Range<ByteOffset>) -> Range<ByteOffset> {
    ByteOffset((start..<range.lowerBound).length)..<ByteOffset((start..<range.upperBound).length)
  }

  /// A range of the part as a range of the whole image.
  fileprivate func whole(_ range: Range<ByteOffset>) -> Range<ByteOffset> {
    start.advancedClamped(
      by: ByteCount(range.lowerBound.rawValue))..<start.advancedClamped(
        by: ByteCount(range.upperBound.rawValue))
  }
}
