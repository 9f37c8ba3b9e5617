// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A medium of which some ranges are known not to have been read: an image with its mapfile.
///
/// Whatever fills those ranges in the image is not of the disk, so nobody gets to see it.
package final class DefectiveMedium: Medium {
  private let base: any Medium
  package let knownDefects: RangeSet<ByteOffset>
  private let ranges: [Range<ByteOffset>]
  private let pool = BufferPool()

  package init(_ base: any Medium, defects: RangeSet<ByteOffset>) {
    self.base = base
    knownDefects = defects.union(base.knownDefects)
    ranges = Array(knownDefects.ranges)
  }

  package var name: String { base.name }
  package var length: ByteCount { base.length }
  package var sectorSize: ByteCount { base.sectorSize }

  /// The parts of `range` that are defects, in order.
  private func defects(in range: Range<ByteOffset>) -> [Range<ByteOffset>] {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    var found: [Range<ByteOffset>] = []
    while low < ranges.count, ranges[low].lowerBound < range.upperBound {
      let part = ranges[low].clamped(to: range)
      if !part.isEmpty { found.append(part) }
      low += 1
    }
    return found
  }

  package func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) throws {
    let range = offset..<offset.advancedClamped(by: ByteCount(clamping: target.count))
    guard let defect = defects(in: range).first else {
      return try unsafe base.read(at: offset, into: target)
    }
    let good = Int(clamping: (offset..<defect.lowerBound).length.rawValue)
    // SAFETY: the defect lies inside the range that the target takes.
    try unsafe base.read(
      at: offset, into: UnsafeMutableRawBufferPointer(rebasing: target[..<good]))
    throw ReadError(source: name, range: defect)
  }

  package func withBytes(in range: Range<ByteOffset>, _ body: (RawSpan) throws -> Void) throws {
    if let defect = defects(in: range).first { throw ReadError(source: name, range: defect) }
    try base.withBytes(in: range, body)
  }

  package func withReadableBytes(
    in range: Range<ByteOffset>, _ body: (RawSpan, RangeSet<ByteOffset>) throws -> Void
  ) throws {
    let known = defects(in: range)
    if known == [range] { return try lendNothing(range, body) }
    if known.isEmpty { return try base.withReadableBytes(in: range, body) }
    try unsafe pool.withBuffer(range.length.inMemory()) { buffer in
      var bad = known
      try base.withReadableBytes(in: range) { bytes, lost in
        bad += Array(lost.ranges)
        // SAFETY: both are as long as the range.
        unsafe bytes.withUnsafeBytes { unsafe buffer.copyMemory(from: $0) }
      }
      for defect in known {
        let start = Int(clamping: (range.lowerBound..<defect.lowerBound).length.rawValue)
        let end = Int(clamping: (range.lowerBound..<defect.upperBound).length.rawValue)
        // SAFETY: the defect was clamped to the range.
        unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[start..<end])
          .initializeMemory(as: UInt8.self, repeating: 0)
      }
      try unsafe body(UnsafeRawBufferPointer(buffer).bytes, RangeSet(unsorted: bad))
    }
  }

  /// Lends zeros for a range of which nothing was read, without asking for it.
  private func lendNothing(
    _ range: Range<ByteOffset>, _ body: (RawSpan, RangeSet<ByteOffset>) throws -> Void
  ) throws {
    try unsafe pool.withBuffer(range.length.inMemory()) { buffer in
      unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
      try unsafe body(UnsafeRawBufferPointer(buffer).bytes, RangeSet(range))
    }
  }
}
